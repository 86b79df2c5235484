#pragma once
// The charging profiles that one station has accepted, whatever they came from: fallback, grants,
// operators. What it really holds it does not say; a station may have others of its own.

#include "adapters/ocpp/station/call_lane.hpp"
#include "domain/time.hpp"
#include "ports/charge_points.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

class profile_shelf {
public:
  /// Beyond it the oldest one is forgotten.
  static constexpr std::size_t kept_max = 64;

  /// A call that the station has accepted: SetChargingProfile replaces what has its id, or its
  /// connector, purpose and level; ClearChargingProfile takes away. Any other changes nothing.
  /// Whether a fallback or a grant was taken away.
  bool keep(const station_call& accepted, domain::instant now);
  /// Its TxProfiles go with the transaction. `connector`: OCPP's, from 1.
  void end_transaction(std::int32_t connector);
  /// Of operators' TxProfiles there; absent: none.
  [[nodiscard]] std::optional<std::int64_t> highest_level(std::int32_t connector) const;
  /// By connector and id.
  [[nodiscard]] std::vector<ports::charge_point_profile> profiles() const;

private:
  struct entry {
    std::int64_t connector = 0;
    std::int64_t id = 0;
    std::int64_t level = 0;
    std::string purpose;
    domain::instant installed_at{};
    std::string text;
  };
  void set(entry made);

  /// In the order in which they came.
  std::vector<entry> kept_;
};

} // namespace busbar::adapters::ocpp::station
