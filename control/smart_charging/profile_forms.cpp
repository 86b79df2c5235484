#include "control/smart_charging/profile_forms.hpp"

#include <array>

namespace busbar::control::smart_charging {

namespace {

std::array<rate_unit, 2> both_from(rate_unit stated) {
  return {stated, stated == rate_unit::ampere ? rate_unit::watt : rate_unit::ampere};
}

} // namespace

std::vector<profile_form> grant_forms(std::int32_t highest_level, rate_unit stated) {
  std::vector<std::int32_t> levels{highest_level};
  for (const std::int32_t lower : {1, 0})
    if (lower < levels.back()) levels.push_back(lower);
  std::vector<profile_form> made;
  for (const auto unit : both_from(stated))
    for (const bool states_phases : {false, true})
      for (const auto level : levels) made.push_back({unit, states_phases, level, false});
  return made;
}

std::vector<profile_form> fallback_forms(rate_unit stated) {
  std::vector<profile_form> made;
  for (const auto unit : both_from(stated))
    for (const bool states_phases : {false, true})
      for (const bool is_for_each : {false, true})
        made.push_back({unit, states_phases, 0, is_for_each});
  return made;
}

} // namespace busbar::control::smart_charging
