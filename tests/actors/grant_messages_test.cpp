// How many messages the grants of a plan cost (docs/adr/0018): a grant goes site, feeder, site,
// log, so that their number does not grow with that of the stations.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::actors {
namespace {

using domain::connector_state;

class counted_site : public tests::engine_bench {
public:
  explicit counted_site(int stations) : engine_bench(site_of(stations)) {
    for (int i = 0; i < stations; ++i) set(name_of(i), connector_state::supplying, 6'000);
    seconds(10);
  }
  /// Of one second in which every grant is lowered; answers not counted.
  std::uint64_t messages_of_a_plan() {
    const auto commands = commands_made();
    order([](const domain::site& site) {
      domain::node_constraint limit;
      limit.node = domain::node_index{1u};
      limit.limit = {domain::limit_source::site_operator, std::nullopt,
                     domain::watts{4'830 * static_cast<std::int64_t>(site.stations.size())}};
      return limit;
    });
    const auto before = messages();
    is_answering = false;
    run();
    const auto cost = messages() - before;
    EXPECT_EQ(commands_made() - commands, context().layout->site->stations.size());
    is_answering = true;
    return cost;
  }

  bool is_answering = true;

private:
  static std::string name_of(int station) { return "S" + std::to_string(station); }
  static std::shared_ptr<const domain::site> site_of(int stations) {
    tests::site_builder builder;
    builder.limit(stations * 16'000).feeder("f1", stations * 16'000);
    for (int i = 0; i < stations; ++i) builder.station(name_of(i));
    return builder.build();
  }
  [[nodiscard]] std::size_t commands_made() const {
    std::size_t all = 0;
    for (const auto& batch : log.batches) all += batch.commands.size();
    return all;
  }
  bool answer() override { return is_answering && engine_bench::answer(); }
};

TEST(grant_messages, a_plan_costs_as_many_messages_for_fifty_stations_as_for_five) {
  counted_site small{5};
  counted_site large{50};
  const auto few = small.messages_of_a_plan();
  EXPECT_EQ(large.messages_of_a_plan(), few);
  // The order, a tick, a report, the plan, the commands.
  EXPECT_EQ(few, 5u);
}

TEST(grant_messages, a_station_that_has_not_answered_its_feeder_is_sent_its_order) {
  if (!has_test_doors) GTEST_SKIP() << "a release has no test doors";
  counted_site site{5};
  site.hold("station:S0");
  site.refusing = {"S0"}; // an answer that is news goes to the station's actor
  static_cast<void>(site.messages_of_a_plan());
  site.run();
  const auto sent = site.log.batches.size();
  site.seconds(3); // within what its actor may take
  for (auto i = sent; i < site.log.batches.size(); ++i)
    for (const auto& command : site.log.batches[i].commands)
      EXPECT_NE(command.connector.value(), 0u) << "made while its actor owed an answer";
  site.release();
  site.refusing.clear();
  site.seconds(30);
  EXPECT_EQ(site.log.count("watchdog_restart"), 0u);
}

} // namespace
} // namespace busbar::actors
