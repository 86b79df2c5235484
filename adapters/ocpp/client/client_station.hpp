#pragma once
// What a charge point speaks to its central system (OCPP 1.6): a state machine, (state, input, now)
// -> frames. No socket, no clock.
//
//   away --connected--> asking --Accepted--> serving --disconnected--> away
//                         |--Pending, Rejected: again after its interval
//
// Starts and stops of transactions are kept and sent again until they are answered, also over
// connections; MeterValues are of the present and are not kept. One CALL is outstanding.

#include "adapters/ocpp/client/client_state.hpp"
#include "ocpp/wire/frame_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::client {

class client_station {
public:
  /// `body` outlives it.
  client_station(std::string model, charge_point_body& body);

  /// `link` numbers the connections, from 1.
  [[nodiscard]] client_effects connected(std::uint64_t link, domain::instant now);
  void disconnected();
  [[nodiscard]] client_effects frame(std::string_view text,
                                     busbar::ocpp::wire::frame_reader& reader,
                                     domain::instant now);
  /// Time has passed: samples, heartbeats, statuses, sessions that have ended by themselves.
  [[nodiscard]] client_effects step(domain::instant now);
  /// Whether a tag may charge: Authorize. False: it is not served now.
  [[nodiscard]] bool ask(const std::string& tag, std::uint64_t question);
  /// A connector that is reserved for another tag begins no session for this one.
  [[nodiscard]] bool is_free_for(const std::string& tag, std::int32_t connector,
                                 domain::instant now) const;
  /// A session has begun in the body, by a tag that was accepted.
  void begin(std::int32_t connector, const std::string& tag, domain::instant now);
  /// The session ends, where one runs.
  void end(std::int32_t connector, domain::instant now);

  [[nodiscard]] const client_state& state() const { return state_; }

private:
  void take_answer(const busbar::ocpp::wire::frame& frame, domain::instant now,
                   client_effects& out);

  client_state state_;
};

} // namespace busbar::adapters::ocpp::client
