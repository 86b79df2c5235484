#include "adapters/http/api/station_profile.hpp"

namespace busbar::adapters::http::api {

feature feature_from(const std::string& name) {
  if (name == feature_names[0]) return feature::bidirectional;
  return name == feature_names[1] ? feature::phase_switching : feature::smart_charging;
}

bool has_feature(const domain::capability& profile, feature wanted) {
  switch (wanted) {
  case feature::bidirectional: return profile.is_bidirectional;
  case feature::phase_switching: return profile.can_switch_phases;
  default: return profile.has_smart_charging;
  }
}

} // namespace busbar::adapters::http::api
