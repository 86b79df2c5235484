// A fleet follows the changed file of its site: what stays, stays as it is.
#include "simulator/world.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using busbar::tests::site_builder;

const domain::instant noon{std::chrono::seconds{1'800'000'000}};

std::shared_ptr<const domain::site> garage() {
  return site_builder{}.feeder("f1", 40'000).station("A").build();
}

domain::command_batch grant(const domain::site& site, domain::connector_index to) {
  domain::command command;
  command.connector = to;
  command.kind = domain::command_kind::grant;
  command.number = 1;
  command.current = domain::milliamperes{9'000};
  command.lease = std::chrono::seconds{60};
  return {site.id, site.topology_hash, 1, noon, {command}};
}

} // namespace

TEST(world_growth, a_point_of_the_same_id_keeps_what_it_was_told_at_its_new_place) {
  world fleet{garage(), {}, 1};
  static_cast<void>(fleet.step(noon));
  fleet.apply(grant(*garage(), domain::connector_index{0U}), noon);
  const auto grown =
      site_builder{}.feeder("f0", 9'000).station("X").feeder("f1", 40'000).station("A").build();
  fleet.follow(grown, noon);
  EXPECT_EQ(fleet.yard().points().size(), 2u);
  const auto told = [&](std::uint32_t place) {
    return fleet.yard().at(domain::connector_index{place}).allowed(noon).count();
  };
  EXPECT_EQ(told(0), 0) << "X is new";
  EXPECT_EQ(told(1), 9'000) << "A";
  const auto said = fleet.step(noon + std::chrono::seconds{2});
  ASSERT_TRUE(said.telemetry);
  EXPECT_EQ(said.telemetry->topology_hash, grown->topology_hash);
}

TEST(world_growth, OWN_1_commands_for_the_tree_before_are_refused_from_then_on) {
  world fleet{garage(), {}, 1};
  static_cast<void>(fleet.step(noon));
  const auto grown =
      site_builder{}.feeder("f1", 40'000).station("A").station("B").build();
  fleet.follow(grown, noon);
  fleet.apply(grant(*garage(), domain::connector_index{0U}), noon);
  const auto said = fleet.step(noon + std::chrono::seconds{1});
  ASSERT_FALSE(said.results.empty());
  EXPECT_EQ(said.results[0].results[0].answer, domain::outcome::refused);
  EXPECT_EQ(said.results[0].topology_hash, garage()->topology_hash) << "in the places of the order";
}

} // namespace busbar::simulator
