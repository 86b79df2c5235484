// What is accepted while a site goes on under a revision of its file reaches it.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace busbar::actors {

using domain::connector_state;
using domain::limit_source;
using domain::session_fact_kind;
using tests::engine_bench;
using tests::site_builder;

namespace {

/// Revision `number`: each has another breaker, and every second one stands in other places.
std::shared_ptr<const domain::site> revision(int number) {
  site_builder builder;
  if (number % 2 == 1) builder.feeder("f0", 10'000).station("X");
  builder.feeder("f1", 40'000 + number).station("A").station("B");
  return builder.build();
}

domain::node_index node_of(const domain::site& site, const std::string& id) {
  std::uint32_t place = 0;
  while (site.nodes.at(place).id.text() != id) ++place;
  return domain::node_index{place};
}

/// What an operator has set on feeder f1, by source.
using set_limits = std::map<limit_source, std::int64_t>;

set_limits limits_in(const domain::site_view& view) {
  set_limits found;
  for (const auto& each : view.constraints)
    if (each.node == node_of(*view.topology, "f1"))
      found[each.limit.source] = (*each.limit.current)[0].count();
  return found;
}

struct operator_at_random {
  engine_bench& bench;
  std::mt19937_64 chance;
  set_limits limits = {};
  std::optional<int> level = {};
  std::size_t accepted = 0;

  void act() {
    const auto source =
        chance() % 2 == 0 ? limit_source::site_operator : limit_source::demand_response;
    ++accepted;
    switch (chance() % 4) {
    case 0: return lift(source);
    case 1: return shed();
    default: return limit(source);
    }
  }
  void limit(limit_source source) {
    const domain::milliamperes most{10'000 + static_cast<std::int64_t>(chance() % 10'000)};
    limits[source] = most.count();
    bench.order([&](const domain::site& site) {
      domain::node_constraint set;
      set.node = node_of(site, "f1");
      set.limit = {source, domain::per_line<domain::milliamperes>{most, most, most}, std::nullopt};
      return set;
    });
  }
  void lift(limit_source source) {
    limits.erase(source);
    bench.order([&](const domain::site& site) {
      return domain::lift_node_constraint{node_of(site, "f1"), source};
    });
  }
  void shed() {
    level = static_cast<int>(chance() % 6);
    bench.order([&](const domain::site&) { return domain::configure_shedding{{}, level}; });
  }
};

std::size_t orders_said(const engine_bench& bench) {
  return bench.log.count("limit_set") + bench.log.count("limit_lifted") +
         bench.log.count("load_shedding_configured");
}

/// A free connector A, and Alice is not there yet.
void open_for(engine_bench& bench) {
  for (const auto* station : {"A", "B"}) bench.set(station, connector_state::disconnected);
  bench.seconds(2);
}

void expect_served(engine_bench& bench, int messages) {
  for (int i = 0; i < 150; ++i) bench.beat();
  EXPECT_EQ(bench.log.count(session_fact_kind::denied), 0u) << messages;
  EXPECT_EQ(bench.log.count(session_fact_kind::accepted), 1u) << messages;
  bench.seconds(2);
  EXPECT_EQ(bench.view()->sessions.size(), 1u) << messages;
}

} // namespace

TEST(revision_inputs, no_order_is_lost_and_their_order_is_kept_around_revisions_at_any_moment) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    engine_bench bench{revision(0)};
    open_for(bench);
    bench.shuffle(seed);
    operator_at_random person{bench, std::mt19937_64{seed}};
    int revisions = 0;
    for (int step = 0; step < 120; ++step) {
      const auto what = person.chance() % 10;
      if (what < 3) person.act();
      else if (what == 3 && bench.context().is_in_place)
        bench.begin_replacement(revision(++revisions));
      else bench.beat(static_cast<int>(person.chance() % 30));
    }
    while (!bench.context().is_in_place) bench.beat();
    bench.seconds(2);
    ASSERT_GT(revisions, 1) << seed;
    EXPECT_EQ(limits_in(*bench.view()), person.limits) << seed;
    EXPECT_EQ(bench.view()->shedding.is_forced, person.level.has_value()) << seed;
    EXPECT_EQ(bench.view()->shedding.level, person.level.value_or(0)) << seed;
    EXPECT_EQ(orders_said(bench), person.accepted) << seed;
  }
}

TEST(revision_inputs, an_order_that_its_site_did_not_read_before_it_failed_is_obeyed) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{revision(0)};
  open_for(bench);
  bench.hold("site:garage");
  bench.break_site();
  operator_at_random person{bench, std::mt19937_64{1}};
  person.limit(limit_source::demand_response);
  bench.release();
  bench.seconds(3);
  EXPECT_EQ(limits_in(*bench.view()), person.limits);
}

TEST(revision_inputs, a_driver_who_asks_while_a_revision_takes_its_place_is_served) {
  for (int messages = 0; messages < 60; ++messages) {
    engine_bench bench{revision(0)};
    open_for(bench);
    bench.begin_replacement(revision(2));
    bench.beat(messages);
    bench.ask("Alice", "A");
    expect_served(bench, messages);
  }
}

TEST(revision_inputs, a_driver_whose_request_is_on_its_way_when_a_revision_comes_is_served) {
  for (int messages = 0; messages < 60; ++messages) {
    engine_bench bench{revision(0)};
    open_for(bench);
    bench.ask("Alice", "A");
    bench.begin_replacement(revision(2));
    bench.beat(messages);
    expect_served(bench, messages);
  }
}

TEST(revision_inputs, what_a_station_was_asked_before_a_revision_goes_out) {
  for (int messages = 0; messages < 60; ++messages) {
    engine_bench bench{revision(0)};
    open_for(bench);
    caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->feeders[0],
                   direct_order{domain::station_index{0U}, domain::command_kind::report,
                                domain::fault_kind::unspecified, bench.now});
    bench.begin_replacement(revision(2));
    bench.beat(messages);
    bench.seconds(3);
    const auto is_report = [](const auto& command) {
      return command.kind == domain::command_kind::report;
    };
    const auto asked = std::ranges::count_if(bench.log.batches, [&](const auto& batch) {
      return std::ranges::any_of(batch.commands, is_report);
    });
    EXPECT_EQ(asked, 1) << messages;
  }
}

TEST(revision_inputs, a_site_that_never_ends_what_it_was_sent_is_replaced_all_the_same) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  engine_bench bench{revision(0)};
  open_for(bench);
  bench.hold("station:A");
  caf::anon_send(bench.context().routes->find(domain::site_id{"garage"})->feeders[0],
                 direct_order{domain::station_index{0U}, domain::command_kind::report,
                              domain::fault_kind::unspecified, bench.now});
  bench.begin_replacement(revision(2));
  for (int i = 0; i < 230; ++i) bench.beat();
  bench.release();
  for (int i = 0; i < 20; ++i) bench.beat();
  EXPECT_TRUE(bench.context().is_in_place);
}

} // namespace busbar::actors
