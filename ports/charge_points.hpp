#pragma once
// Stations that come by OCPP, service orders to them, and what became of these (OCPP-11).
// Thread-safe; nothing here blocks.
//
//   pending --written--> sent --answer--> accepted, refused (its status), failed (an error)
//      |                   |--no answer in time--> timed_out
//      |                   \--the connection ends--> failed
//      |--taken back--> cancelled
//      |--its deadline is over--> timed_out
//      \--the connection ends--> failed; one that waits for its station stays pending

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "ports/charge_point_history.hpp"
#include "ports/id_tags.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// A CALL as it stands: its action, and its payload as JSON.
struct charge_point_order {
  std::string identity;
  std::string action;
  std::string payload;
  /// Where its station is absent it waits for it; else it is refused.
  bool waits = false;
  /// Where it has not been sent by then, it has timed out; absent: it waits without an end.
  std::optional<domain::instant> until = {};
  /// Not before; absent: at once.
  std::optional<domain::instant> from = {};
};

/// An action of no protocol: the station's settings are brought to what its site wants. The answer
/// is {"configurationKey": [{"key", "value", "found", "status"}]}.
inline constexpr const char* reset_configuration = "ResetConfiguration";

enum class order_state : std::uint8_t {
  pending,
  sent,
  accepted,
  refused,
  failed,
  timed_out,
  cancelled,
};
[[nodiscard]] inline const char* name_of(order_state state) {
  static constexpr std::array names{"pending", "sent",      "accepted", "refused",
                                    "failed",  "timed_out", "cancelled"};
  return names[static_cast<std::size_t>(state)];
}
[[nodiscard]] inline bool is_final(order_state state) { return state > order_state::sent; }

/// What a station answers to an order.
struct order_reply {
  /// The payload of a CALLRESULT; empty: none.
  std::string answer;
  /// Of an order that failed: OCPP's code, or one of this gateway, and a sentence.
  std::string error_code;
  std::string error_description;
};

/// What a station reports of an order that goes on after its answer: "Downloading", or the start or
/// end of the transaction that was ordered.
struct order_progress {
  std::string status;
  std::optional<std::int32_t> transaction;
  domain::instant at{};
};

struct order_standing {
  std::uint64_t number = 0;
  std::string action;
  order_state state = order_state::pending;
  std::string request;
  order_reply reply;
  domain::instant asked_at{};
  std::optional<domain::instant> sent_at;
  /// When it became final.
  std::optional<domain::instant> ended_at;
  std::optional<domain::instant> until = {};
  /// Oldest first; the last `kept_progress_max`.
  std::vector<order_progress> progress = {};
  /// When what was ordered was done, or came to nothing, after it was accepted.
  std::optional<domain::instant> done_at = {};
};

/// A connector as its station reports it.
struct charge_point_connector {
  /// OCPP's word; empty: not reported yet.
  std::string status;
  std::string error_code;
  std::optional<std::int32_t> transaction;
};

/// A station as the gateway has it.
struct charge_point_now {
  std::string identity;
  std::string site;
  std::string station;
  bool is_connected = false;
  /// It has booted.
  bool is_accepted = false;
  std::string vendor;
  std::string model;
  std::string firmware;
  /// Of its newest frame; absent: none yet.
  std::optional<domain::instant> heard_at;
  /// Tolerances that its messages needed (OCPP-5), by name.
  std::vector<std::string> tolerated;
  /// OCPP's connector 1 first.
  std::vector<charge_point_connector> connectors;
};

/// A charging profile that a station has accepted, as csChargingProfiles.
struct charge_point_profile {
  std::int32_t connector = 0;
  domain::instant installed_at{};
  std::string profile;
};

/// A frame as it stands, in one of both directions.
struct charge_point_frame {
  domain::instant at{};
  bool is_from_station = false;
  std::string text;
};

class charge_points {
public:
  /// Of all stations together; older ones that are final are forgotten.
  static constexpr std::size_t kept_orders_max = 10'000;
  /// Of one order.
  static constexpr std::size_t kept_progress_max = 32;
  /// Of one station.
  static constexpr std::size_t kept_frames_max = 200;
  /// Takes an order as it stands; called once, from any thread.
  using listener = std::function<void(const order_standing&)>;

  virtual ~charge_points() = default;
  /// Absent: none comes under this identity.
  [[nodiscard]] virtual std::optional<std::string> site_of(const std::string& identity) const = 0;
  [[nodiscard]] bool has_station(const std::string& identity) const {
    return site_of(identity).has_value();
  }
  /// All stations, by identity.
  [[nodiscard]] virtual std::vector<charge_point_now> stations() const = 0;
  /// What a station has accepted, by connector and id.
  [[nodiscard]] virtual std::vector<charge_point_profile>
  profiles_of(const std::string& identity) const = 0;
  /// Its number. errc::unknown_reference: no such station; errc::conflict: it is not connected or
  /// has not booted, and the order does not wait, or the profile has the level of the engine's
  /// grants; errc::full: too many orders.
  [[nodiscard]] virtual domain::result<std::uint64_t> order(const charge_point_order& wanted,
                                                            domain::instant now) = 0;
  /// An order that has not been sent becomes cancelled. errc::unknown_reference: no such order;
  /// errc::conflict: it was sent.
  [[nodiscard]] virtual domain::result<void> cancel(const std::string& identity,
                                                    std::uint64_t number,
                                                    domain::instant now) = 0;
  /// `told` gets the order once it is final, or within a second after `until` as it stands then.
  /// REQUIRES: an order that is kept.
  virtual void await(std::uint64_t number, domain::instant until, listener told) = 0;
  /// Newest first.
  [[nodiscard]] virtual std::vector<order_standing>
  orders_of(const std::string& identity) const = 0;
  /// Absent: not among the newest.
  [[nodiscard]] virtual std::optional<order_standing>
  order_numbered(std::uint64_t number) const = 0;
  /// Newest first; secrets are blanked.
  [[nodiscard]] virtual std::vector<charge_point_frame>
  frames_of(const std::string& identity) const = 0;
  /// For a reservation or a request: one that this process gives no other.
  [[nodiscard]] virtual std::int32_t new_number() = 0;
  /// Why stations may not be given that URL, with what is allowed; empty: they may.
  [[nodiscard]] virtual std::string fault_of_url(const std::string& url) const = 0;
  /// Null: none is kept here.
  [[nodiscard]] virtual const charge_point_history* history() const { return nullptr; }
  /// Null: none is kept here.
  [[nodiscard]] virtual id_tags* list_of_tags() { return nullptr; }
};

} // namespace busbar::ports
