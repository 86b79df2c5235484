#pragma once
// Stations of policy `external` wait here while an authority decides about a tag: the CALL that
// states it, and the CALLs after it, in their order. What answers our CALLs does not wait.
//
//   passing --Authorize or StartTransaction, its tag without a ruling--> asking
//      ^                                                                   | the ruling, or that
//      +-- nothing waits any more <-- passing on what waits <--------------+ there is none
//                                      |--another tag without a ruling--> asking
//
// Called by the server's thread and the authority's. Thread-safe.

#include "adapters/ocpp/gateway/ruling_cache.hpp"
#include "adapters/ocpp/server/station_door.hpp"
#include "control/sessions/authorisation.hpp"
#include "domain/time.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "ports/tag_authority.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::gateway {

class tag_gate : public std::enable_shared_from_this<tag_gate> {
public:
  /// CALLs of one station that wait; further ones are dropped, and the station sends them again.
  static constexpr std::size_t parked_max = 64;

  struct surroundings {
    std::shared_ptr<ports::tag_authority> authority;
    std::shared_ptr<shared_rulings> rulings;
    /// A frame that has waited goes on.
    std::function<void(server::link_id, const std::string& text)> pass;
    /// The engine has ordered the start of that tag there: nobody is asked about it.
    std::function<bool(const ports::tag_inquiry&)> is_ordered;
    std::function<domain::instant()> clock;
  };
  explicit tag_gate(surroundings around) : around_(std::move(around)) {}

  /// A station of policy `external` has connected, as `who` but for the tag.
  void opened(server::link_id link, ports::tag_inquiry who);
  void closed(server::link_id link);
  /// True: the frame waits here, and goes on by `pass`.
  [[nodiscard]] bool holds(server::link_id link, std::string_view text);
  /// Answers of the authority, and inquiries that had none, since the start.
  struct tallies {
    std::uint64_t rulings = 0;
    std::uint64_t failures = 0;
  };
  [[nodiscard]] tallies counts() const;

private:
  struct waiting_station {
    ports::tag_inquiry who;
    /// Something is asked, or passed on.
    bool is_busy = false;
    std::deque<std::string> parked;
  };
  /// What is to be asked before a frame may pass; absent: nothing.
  [[nodiscard]] std::optional<ports::tag_inquiry> inquiry_in(const ports::tag_inquiry& who,
                                                             std::string_view text);
  [[nodiscard]] bool is_call(std::string_view text);
  void ask(server::link_id link, ports::tag_inquiry about);
  void answered(server::link_id link, const ports::tag_inquiry& about,
                const domain::result<ports::tag_opinion>& said);
  /// The next frame that waits; absent: none, and the station passes again.
  [[nodiscard]] std::optional<std::string> next(server::link_id link);
  void pass_on(server::link_id link);

  surroundings around_;
  mutable std::mutex guard_;
  busbar::ocpp::wire::frame_reader reader_;
  std::map<server::link_id, waiting_station> stations_;
  tallies counts_;
};

} // namespace busbar::adapters::ocpp::gateway
