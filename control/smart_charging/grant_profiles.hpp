#pragma once
// OCPP-9: the charging profiles that a grant and a fallback become. The fallback is a
// TxDefaultProfile at the lowest level without an end: what a station draws that boots, starts
// alone or loses its lease. The grant is a TxProfile above it whose `duration` is the lease, so
// that its end uncovers the fallback by itself.

#include "control/smart_charging/profile.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::smart_charging {

/// Ids and level of the engine's own profiles; operators' profiles have others.
inline constexpr std::int32_t fallback_profile_id = 900'000;
inline constexpr std::int32_t first_grant_profile_id = 900'001;
/// Of fallbacks for each connector.
inline constexpr std::int32_t first_own_fallback_id = 910'001;
inline constexpr std::int32_t fallback_stack_level = 0;

/// How a connector takes profiles.
struct rate_terms {
  rate_unit unit = rate_unit::ampere;
  /// Of watts: the lines that its vehicle is seen to use, 1..3; one where it is not known, so that
  /// no line ever gets more.
  std::uint8_t lines = 1;
  /// Of watts: the lowest line to neutral that it may have. > 0.
  domain::millivolts volts_min{207'000};
  /// A rate is zero, or at least this.
  domain::milliamperes current_min{6'000};
  /// Stated beside the rate; absent: not stated.
  std::optional<std::uint8_t> phases = {};
};

struct granted {
  domain::milliamperes current{};
  domain::seconds lease{};
  domain::instant issued_at{};
};

/// In tenths of the unit, rounded down (LIM-5); 0 below the minimum.
[[nodiscard]] std::int64_t rate_of(domain::milliamperes current, const rate_terms& terms);

/// `connector`: 0 for the station.
[[nodiscard]] charging_profile fallback_profile(domain::milliamperes current,
                                                const rate_terms& terms, std::int32_t connector);

/// `connector`: from 1. `transaction`: absent in a remote start, where the profile is for the
/// transaction that begins.
[[nodiscard]] charging_profile grant_profile(const granted& grant, const rate_terms& terms,
                                             std::int32_t connector, std::int32_t stack_level,
                                             std::optional<std::int32_t> transaction);

} // namespace busbar::control::smart_charging
