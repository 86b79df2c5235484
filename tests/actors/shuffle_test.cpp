#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace busbar::actors {

using domain::connector_state;
using domain::session_fact_kind;
using tests::engine_bench;
using tests::site_builder;

namespace {

const std::vector<std::string> names{"A", "B", "C", "D", "E", "F"};

std::shared_ptr<const domain::site> three_feeders() {
  static const auto site = site_builder{}
                               .transformer("t1", 80'000)
                               .feeder("f1", 40'000, "t1")
                               .station("A")
                               .station("B")
                               .feeder("f2", 40'000, "t1")
                               .station("C")
                               .station("D")
                               .panel("p1", 25'000, "f2")
                               .station("E")
                               .feeder("f3", 63'000)
                               .station("F")
                               .build();
  return site;
}

/// Everything that matters at the end: what is told and settled, sessions, bills, breakers.
std::string state_of(const engine_bench& bench) {
  std::ostringstream text;
  const auto view = bench.view();
  text << view->mode << '\n';
  for (const auto& connector : view->connectors)
    text << connector.connector.value() << ' ' << connector.target.count() << ' '
         << connector.granted.count() << ' ' << connector.reserved.count() << '\n';
  for (const auto& session : view->sessions)
    text << session.id.text() << ' ' << session.driver.text() << '\n';
  for (const auto& breaker : view->breakers)
    text << breaker.actor << ' ' << name_of(breaker.position) << '\n';
  for (const auto& fact : bench.log.facts)
    if (fact.kind == session_fact_kind::completed)
      text << fact.session.text() << ' ' << fact.energy.count() << ' ' << fact.why << '\n';
  for (const auto& name : names) text << name << ' ' << bench.told(name).count() << '\n';
  return text.str();
}

std::string play(std::optional<std::uint64_t> seed) {
  engine_bench bench{three_feeders()};
  if (seed) bench.shuffle(*seed);
  for (const auto& name : names) bench.set(name, connector_state::disconnected);
  bench.seconds(2);
  for (const auto* name : {"A", "B", "C"}) bench.ask(std::string{"driver of "} + name, name);
  bench.run();
  for (const auto& name : names) bench.set(name, connector_state::supplying, 6'000);
  bench.seconds(2);
  bench.break_station("B");
  bench.ask("driver of C", "C", domain::request_kind::stop);
  bench.set("D", connector_state::faulted);
  bench.seconds(2);
  bench.set("C", connector_state::disconnected);
  bench.seconds(4);
  return state_of(bench);
}

} // namespace

TEST(shuffled_messages, a_thousand_orders_end_in_the_same_state) {
  const auto expected = play(std::nullopt);
  EXPECT_NE(expected.find("driver of A"), std::string::npos);
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed)
    ASSERT_EQ(play(seed), expected) << "SEED=" << seed;
}

} // namespace busbar::actors
