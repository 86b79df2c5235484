#pragma once
// A charge point that is told charging profiles, at 100 ms a step.

#include "simulator/charge_point.hpp"
#include "tests/simulator/example_site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace busbar::simulator::tests {

using busbar::tests::at_second;
using busbar::tests::example_site;
using domain::command_kind;
using domain::milliamperes;

inline std::chrono::sys_seconds second_at(std::int64_t second) {
  return std::chrono::floor<std::chrono::seconds>(at_second(second));
}

/// An Absolute TxDefaultProfile from second 0 on: one period of `amperes`.
inline domain::charging_profile profile_of(std::int32_t id, std::int64_t amperes) {
  domain::charging_profile made;
  made.id = id;
  made.plan.starts_at = second_at(0);
  made.plan.periods = {{std::chrono::seconds{0}, amperes * 10, std::nullopt}};
  return made;
}

/// CP-001 of the preset (22 kW AC, three phases, 32 A), with as many connectors as asked.
class profiled_point {
public:
  explicit profiled_point(local_settings local = {}, std::size_t connectors = 1,
                          bool can_switch = false)
      : site_(changed_site(connectors, can_switch)),
        point_(*site_, domain::station_index{std::size_t{0}}, std::chrono::seconds{2},
               std::move(local)) {
    point_.advance(now());
  }

  domain::command_result tell(domain::command told) {
    told.number = ++number_;
    return point_.obey(told, {1, now()}, now());
  }
  domain::command_result set(const domain::charging_profile& profile, bool is_station_wide = false,
                             std::size_t place = 0) {
    domain::command told;
    told.connector = domain::connector_index{place};
    told.kind = command_kind::set_charging_profile;
    told.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{is_station_wide, profile, {}});
    return tell(told);
  }
  domain::command_result clear(const domain::profile_filter& filter) {
    domain::command told;
    told.kind = command_kind::clear_charging_profile;
    told.profile.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{false, {}, filter});
    return tell(told);
  }
  domain::command_result set_lines(std::uint8_t lines) {
    domain::command told;
    told.kind = command_kind::set_phases;
    told.lines = lines;
    return tell(told);
  }
  void grant(std::int64_t ma, std::size_t place = 0) {
    domain::command told;
    told.connector = domain::connector_index{place};
    told.kind = command_kind::grant;
    told.current = milliamperes{ma};
    told.lease = std::chrono::hours{2};
    tell(told);
  }
  /// A vehicle that takes 22 kW over three phases, or over one.
  void plug_and_start(std::int64_t grant_ma, std::size_t place = 0, std::uint8_t phases = 3) {
    vehicle_model car;
    car.battery = domain::watt_hours{2'000'000};
    car.ac_power = domain::watts{7'360 * phases};
    car.ac_phases = phases;
    socket(place).plug(vehicle{car, domain::permille{300}});
    grant(grant_ma, place);
    domain::command told;
    told.connector = domain::connector_index{place};
    told.kind = command_kind::start;
    told.session = domain::session_id{"s-" + std::to_string(place)};
    told.driver = domain::driver_id{"Alice"};
    tell(told);
  }

  void pass(std::int64_t ms) {
    for (const auto end = elapsed_ + ms; elapsed_ < end;) {
      elapsed_ += 100;
      point_.advance(now());
      for (auto& change : point_.take_changes()) said_.push_back(change.text);
    }
  }
  [[nodiscard]] domain::instant now() const {
    return at_second(0) + std::chrono::milliseconds{elapsed_};
  }
  std::vector<local_stop> take_stops() { return point_.take_stops(); }
  outlet& socket(std::size_t place = 0) { return point_.outlets()[place]; }
  [[nodiscard]] std::int64_t drawn(std::size_t place = 0) {
    return socket(place).drawn().count();
  }
  [[nodiscard]] const charge_point& point() const { return point_; }
  [[nodiscard]] const std::vector<std::string>& said() const { return said_; }

private:
  static std::shared_ptr<const domain::site> changed_site(std::size_t connectors,
                                                          bool can_switch) {
    auto site = *example_site("autonomous.toml");
    site.connectors[0].can_switch_phases = can_switch;
    site.stations.resize(1);
    site.connectors.resize(1);
    while (site.connectors.size() < connectors) site.connectors.push_back(site.connectors[0]);
    site.stations[0].connector_count = static_cast<std::uint32_t>(connectors);
    domain::seal(site);
    return std::make_shared<const domain::site>(std::move(site));
  }

  std::shared_ptr<const domain::site> site_;
  charge_point point_;
  domain::sequence number_ = 0;
  std::int64_t elapsed_ = 0;
  std::vector<std::string> said_;
};

} // namespace busbar::simulator::tests
