#pragma once
// The charging profiles of one simulated charge point, and the currents that they leave to its
// outlets. Absent in a charge point that never got a profile.

#include "control/smart_charging/session_profiles.hpp"
#include "domain/charging_profile.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/outlet.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::simulator {

/// What the profiles say about one outlet. Absent current: nothing.
struct profile_cap {
  std::optional<domain::milliamperes> current;
  /// Phases that the profile states; only an outlet that can switch follows.
  std::optional<std::uint8_t> phases;
  /// The same limit as power over the lines that the vehicle uses.
  domain::watts power{};
  /// For people: "profile 41".
  std::string who;
};

class station_profiles {
public:
  /// REQUIRES: at least one outlet.
  explicit station_profiles(const std::vector<outlet>& outlets);

  /// Why refused; empty: done. REQUIRES: an order of that kind.
  std::string install(std::size_t place, const domain::profile_order& order, domain::instant now) {
    return kept_.install(place, order, now);
  }
  std::string clear(const domain::profile_order& order) { return kept_.clear(order); }

  /// Follows the outlets' sessions, then says what each may draw now, in the order of the outlets.
  /// The station's maximum holds for the sum over all outlets, whatever their lines: in equal
  /// parts, or for the first sessions alone where equal parts are below the minimum.
  [[nodiscard]] std::vector<profile_cap> caps(const std::vector<outlet>& outlets,
                                              domain::instant now);

  [[nodiscard]] const control::smart_charging::profile_store& store() const {
    return kept_.store();
  }

private:
  [[nodiscard]] profile_cap cap_of(const outlet& at, std::int32_t connector,
                                   domain::instant now) const;
  void share_maximum(const std::vector<outlet>& outlets, std::vector<profile_cap>& caps,
                     domain::instant now) const;

  control::smart_charging::session_profiles kept_;
};

} // namespace busbar::simulator
