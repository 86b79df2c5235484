// What a station does once its grants have stopped, where that has been configured by API.
#include "control/operators/configuration.hpp"
#include "simulator/presets.hpp"
#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_yard.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

namespace busbar::simulator {
namespace {

using domain::milliamperes;

/// 3 700 W / (3 x 230 V) = 5.362 A; the site file states 10 A.
constexpr milliamperes configured{5'362};
const std::set<std::string> stations{"CP-004", "CP-007", "CP-009", "CP-010"};

std::shared_ptr<const domain::site> configured_yard() {
  domain::site_configuration wanted;
  for (const auto& id : stations) {
    auto& each = wanted.stations.emplace_back();
    each.station = domain::station_id{id};
    each.action = domain::fallback_action::reduce;
    each.safe_power = domain::watts{3'700};
    each.timeout = domain::seconds{30};
  }
  auto made = control::operators::configured_site(*tests::example_site("autonomous.toml"), wanted);
  return std::make_shared<const domain::site>(std::move(made).value());
}

/// Vehicles stay for an hour, and nothing fails.
simulator::world_settings long_stays() {
  auto settings = simulator::autonomous();
  settings.faults.every.reset();
  settings.session_lasts = std::chrono::hours{1};
  return settings;
}

struct seen {
  /// Of the configured stations, highest.
  milliamperes may_draw{};
  int charging = 0;
};

seen look(const tests::model_yard& it, const domain::site& site) {
  seen found;
  for (const auto& point : it.yard.yard().points()) {
    if (!stations.contains(site.stations[point.index().value()].id.text())) continue;
    for (const auto& outlet : point.outlets()) {
      found.may_draw = std::max(found.may_draw, outlet.allowed(it.now()));
      found.charging += outlet.drawn().count() > 0;
    }
  }
  return found;
}

TEST(configured_fallback, SAFE_1_after_silence_a_station_does_what_has_been_configured) {
  const auto site = configured_yard();
  int charging = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    tests::model_yard it{site, long_stays(), seed};
    it.pass(60);
    it.is_silent = true;
    it.pass(25); // the lease is 15 s
    const auto then = look(it, *site);
    EXPECT_EQ(then.may_draw, configured) << "SEED=" << seed;
    charging += then.charging;
  }
  EXPECT_GT(charging, 0);
}

TEST(configured_fallback, SAFE_1_a_site_without_readings_tells_what_has_been_configured) {
  const auto site = configured_yard();
  int charging = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    tests::model_yard it{site, long_stays(), seed};
    it.pass(60);
    it.is_deaf = true;
    it.pass(60);
    const auto then = look(it, *site);
    EXPECT_EQ(then.may_draw, configured) << "SEED=" << seed;
    charging += then.charging;
  }
  EXPECT_GT(charging, 0);
}

} // namespace
} // namespace busbar::simulator
