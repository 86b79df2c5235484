#pragma once
// Service orders to stations that come by OCPP, and what became of them. Thread-safe; nothing here
// blocks.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// A CALL as it stands: its action, and its payload as JSON.
struct charge_point_order {
  std::string identity;
  std::string action;
  std::string payload;
};

struct order_standing {
  std::uint64_t number = 0;
  std::string action;
  /// "pending", "accepted", "refused", "timed out", "failed".
  std::string state = "pending";
  std::string request;
  /// The payload of the answer; empty while it is pending.
  std::string answer;
  domain::instant asked_at{};
};

class charge_points {
public:
  /// Of all stations together; older ones are forgotten.
  static constexpr std::size_t kept_orders_max = 1'000;

  virtual ~charge_points() = default;
  [[nodiscard]] virtual bool has_station(const std::string& identity) const = 0;
  /// Its number. errc::unknown_reference: no such station; errc::unavailable: it is not connected;
  /// errc::conflict: a profile at the level of the engine's grants.
  [[nodiscard]] virtual domain::result<std::uint64_t> order(const charge_point_order& wanted,
                                                            domain::instant now) = 0;
  /// Newest last.
  [[nodiscard]] virtual std::vector<order_standing>
  orders_of(const std::string& identity) const = 0;
};

} // namespace busbar::ports
