#pragma once
// The capability profile that a station's commands are held to.

#include "control/stations/capability.hpp"
#include "domain/site.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace busbar::adapters::http {

/// The station's profile narrowed to the connector: never wider than either. Where it has none,
/// what the connector alone states.
[[nodiscard]] domain::capability profile_of(const domain::site& site,
                                            const domain::connector& connector);

/// The power nearest to a wish that the profile allows at `voltage`, never above the wish; zero
/// where it falls below the minimum. DC.
[[nodiscard]] domain::watts recommended_power(const domain::capability& profile,
                                              domain::watts wish, domain::millivolts voltage);

enum class feature : std::uint8_t { bidirectional, phase_switching, smart_charging };
inline constexpr std::array feature_names{"bidirectional", "phase_switching", "smart_charging"};

/// REQUIRES: one of `feature_names`.
[[nodiscard]] feature feature_from(const std::string& name);
[[nodiscard]] bool has_feature(const domain::capability& profile, feature wanted);

} // namespace busbar::adapters::http
