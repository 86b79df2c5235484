// When a driver whose requests are denied comes back.

#include "simulator/world.hpp"
#include "tests/builders/site_builder.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace busbar::simulator {
namespace {

using domain::session_fact_kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// When each request comes (tenths of a second) where every one of them is denied.
std::vector<std::int64_t> asked_at(world_settings settings, const std::string& why) {
  settings.faults.every.reset();
  world yard{tests::example_site("autonomous.toml"), settings, 11};
  std::vector<std::int64_t> asked;
  for (std::int64_t tenths = 0; tenths < 1'400; ++tenths) {
    const auto now = tests::at_second(0) + milliseconds{100 * tenths};
    for (const auto& request : yard.step(now).requests) {
      asked.push_back(tenths);
      domain::session_fact denied;
      denied.request = request.id;
      denied.site = request.site;
      denied.station = request.station;
      denied.driver = request.driver;
      denied.kind = session_fact_kind::denied;
      denied.at = now;
      denied.why = why;
      yard.apply(denied, now);
    }
  }
  return asked;
}

TEST(denied_drivers, come_back_after_2_s_where_the_point_has_not_reported_yet_else_after_a_minute) {
  world_settings settings;
  arrival visit;
  visit.name = domain::driver_id{"visit-1"};
  visit.stays = std::chrono::hours{1};
  visit.prefers = domain::station_id{"CP-006"};
  visit.connector = domain::connector_id{"CP-006-1"};
  settings.arrivals.push_back(visit);
  const auto gaps = [](const std::vector<std::int64_t>& asked) {
    std::vector<std::int64_t> found;
    for (std::size_t i = 1; i < asked.size(); ++i) found.push_back(asked[i] - asked[i - 1]);
    return found;
  };
  // One step of 100 ms until the denial is read, then a second, and 1, 2, 4, 8 and 16 s.
  EXPECT_EQ(gaps(asked_at(settings, "silent")),
            (std::vector<std::int64_t>{21, 31, 51, 91, 171, 600}));
  EXPECT_EQ(gaps(asked_at(settings, "occupied")), (std::vector<std::int64_t>{600, 600}));
  settings.asks_again = seconds{10};
  EXPECT_EQ(gaps(asked_at(settings, "occupied")).front(), 100) << "at a higher speed";
}

TEST(denied_drivers, that_come_regularly_ask_silent_points_six_times_at_most) {
  world_settings settings;
  driver_profile regular;
  regular.name = domain::driver_id{"driver-1"};
  regular.asks_every = std::chrono::hours{1};
  regular.asks_first_after = seconds{0};
  settings.drivers.push_back(regular);
  const auto silent = asked_at(settings, "silent").size();
  const auto occupied = asked_at(settings, "occupied").size();
  EXPECT_GE(occupied, 1u);
  EXPECT_GT(silent, occupied);
  EXPECT_LE(silent, 6 * 10u) << "at most ten points a round";
}

} // namespace
} // namespace busbar::simulator
