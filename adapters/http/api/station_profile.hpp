#pragma once
// What may be asked of a capability profile by name.

#include "domain/site.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace busbar::adapters::http::api {

enum class feature : std::uint8_t { bidirectional, phase_switching, smart_charging };
inline constexpr std::array feature_names{"bidirectional", "phase_switching", "smart_charging"};

/// REQUIRES: one of `feature_names`.
[[nodiscard]] feature feature_from(const std::string& name);
[[nodiscard]] bool has_feature(const domain::capability& profile, feature wanted);

} // namespace busbar::adapters::http::api
