// Vehicles that give back, on the whole tree of actors: ordered, told, ended.
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::actors {

using domain::connector_state;
using domain::permille;
using tests::engine_bench;

namespace {

/// A: 22 kW DC, 6 to 32 A at its input, bidirectional; B: AC. Target 800 permille.
std::shared_ptr<const domain::site> with_export(std::int64_t feeder_ma = 63'000) {
  return tests::site_builder{}.feeder("f1", feeder_ma).station("A").dc(true).station("B").build();
}

struct export_bench : engine_bench {
  /// A successor: A exports as its predecessor told it.
  explicit export_bench(const domain::site_state& remembered)
      : engine_bench{with_export(), {}, &remembered} {
    charge("A", permille{900});
    set("A", connector_state::supplying, -20'000);
  }
  explicit export_bench(std::int64_t feeder_ma = 63'000) : engine_bench{with_export(feeder_ma)} {
    set("A", connector_state::disconnected);
    charge("A", permille{900});
    seconds(2);
    ask("Alice", "A");
    run();
    set("A", connector_state::supplying, 32'000);
    seconds(3);
  }
  void order(std::int64_t power_w, std::chrono::seconds lasts = std::chrono::seconds{600}) {
    domain::connector_constraint wanted;
    wanted.connector = domain::connector_index{0u};
    wanted.power = domain::watts{power_w};
    wanted.until = now + lasts;
    caf::anon_send(context().routes->find(domain::site_id{"garage"})->site,
                   operator_message{wanted, now});
    run();
  }
  /// A does what it is told, with a reading a second.
  void obey(int for_seconds) {
    for (int i = 0; i < for_seconds; ++i) {
      const auto* last = last_grant();
      const auto ma = static_cast<std::int32_t>(last->current.count());
      set("A", ma == 0 ? connector_state::activated : connector_state::supplying,
          last->is_export ? -ma : ma);
      seconds(1);
    }
  }
  const domain::command* last_grant() const {
    const domain::command* last = nullptr;
    for (const auto& batch : log.batches)
      for (const auto& command : batch.commands)
        if (command.kind == domain::command_kind::grant && command.connector.value() == 0)
          last = &command;
    return last;
  }
  /// What A was told, renewals left out: negative for export.
  std::vector<std::int64_t> told_to_a() const {
    std::vector<std::int64_t> told;
    for (const auto& batch : log.batches)
      for (const auto& command : batch.commands) {
        if (command.kind != domain::command_kind::grant || command.connector.value() != 0) continue;
        const auto ma = command.is_export ? -command.current.count() : command.current.count();
        if (told.empty() || told.back() != ma) told.push_back(ma);
      }
    return told;
  }
  bool has_event(const std::string& kind) const {
    return std::any_of(log.events.begin(), log.events.end(),
                       [&](const auto& event) { return event.kind == kind; });
  }
};

} // namespace

TEST(site, LIM_1_an_order_for_export_turns_a_vehicle_around_through_zero) {
  export_bench bench;
  // The end of charging: 22 080 W * 0.55 / 3 / 230 V
  ASSERT_EQ(bench.told("A").count(), 17'600);
  bench.order(-13'800);
  EXPECT_TRUE(bench.has_event("export_ordered"));
  bench.seconds(2);
  EXPECT_EQ(bench.told_to_a().back(), 0);
  bench.seconds(5);
  EXPECT_EQ(bench.told_to_a().back(), 0) << "it still charges: nothing is turned around";
  bench.obey(4);
  EXPECT_EQ(bench.told_to_a().back(), -20'000); // 13 800 W / 3 / 230 V
  const auto& seen = bench.connector("A");
  EXPECT_TRUE(seen.is_export);
  EXPECT_EQ(seen.drawn[0].count(), -20'000);
  EXPECT_EQ(seen.power.count(), -13'800);
  EXPECT_EQ(seen.because.which, domain::rule::site_operator);
  ASSERT_NE(seen.battery, nullptr);
  EXPECT_EQ(seen.battery->departure_need, permille{800});
  EXPECT_EQ(seen.battery->export_max, domain::watts{22'080});
  EXPECT_EQ(seen.step, domain::escalation::none);
}

TEST(site, LIM_6_export_takes_its_room_from_the_others) {
  export_bench bench{40'000};
  bench.order(-13'800);
  bench.obey(4);
  bench.set("B", connector_state::supplying, 6'000);
  bench.obey(6);
  EXPECT_EQ(bench.told_to_a().back(), -20'000);
  EXPECT_EQ(bench.told("B").count(), 20'000); // 40 A - 20 A, not + 20 A
}

TEST(site, export_ends_at_the_departure_need_and_nobody_charges_it_again_under_the_order) {
  export_bench bench;
  bench.order(-13'800);
  bench.obey(5);
  ASSERT_EQ(bench.told_to_a().back(), -20'000);
  bench.charge("A", permille{803}); // 30 Wh of 10 kWh in 70 s are 1 542 W: less than 4 140 W
  bench.obey(5);
  EXPECT_EQ(bench.told_to_a().back(), 0);
  bench.charge("A", permille{800});
  bench.obey(5);
  EXPECT_EQ(bench.told_to_a().back(), 0);
  bench.charge("A", permille{799});
  bench.obey(5);
  EXPECT_EQ(bench.told_to_a().back(), 32'000) << "below its need it charges up to it";
}

TEST(site, export_ends_with_its_time_and_without_a_state_of_charge) {
  export_bench bench;
  bench.order(-13'800, std::chrono::seconds{10});
  bench.obey(5);
  ASSERT_EQ(bench.told_to_a().back(), -20'000);
  bench.obey(10);
  EXPECT_EQ(bench.told_to_a(), (std::vector<std::int64_t>{0, 17'600, 0, -20'000, 0, 17'600}));
  bench.order(-13'800);
  bench.obey(5);
  ASSERT_EQ(bench.told_to_a().back(), -20'000);
  bench.charge("A", std::nullopt);
  bench.obey(3);
  EXPECT_EQ(bench.told_to_a().back(), 0);
}

TEST(site, export_ends_with_its_session_and_the_order_with_it) {
  export_bench bench;
  bench.order(-13'800);
  bench.obey(5);
  bench.set("A", connector_state::disconnected);
  bench.seconds(3);
  EXPECT_TRUE(bench.has_event("export_ended"));
  EXPECT_FALSE(bench.connector("A").constraint.has_value());
  EXPECT_EQ(bench.told_to_a().back(), 0);
}

TEST(site, LIM_1_a_successor_knows_which_way_it_flows) {
  domain::site_state remembered;
  {
    export_bench bench;
    bench.order(-13'800);
    bench.obey(15); // a snapshot later
    ASSERT_EQ(bench.told_to_a().back(), -20'000);
    remembered = bench.log.states.back();
  }
  export_bench going_on{remembered};
  going_on.seconds(40);
  EXPECT_EQ(going_on.told_to_a(), (std::vector<std::int64_t>{-20'000})) << "the order outlives it";
  remembered.connector_constraints.clear();
  export_bench without_order{remembered};
  without_order.seconds(3);
  without_order.obey(4);
  EXPECT_EQ(without_order.told_to_a(), (std::vector<std::int64_t>{0, 17'600}));
}

TEST(site, SAFE_2_a_vehicle_that_flows_the_wrong_way_is_found) {
  export_bench bench;
  bench.order(-13'800);
  bench.obey(5);
  ASSERT_EQ(bench.told_to_a().back(), -20'000);
  // Within the size of its grant, and against its direction.
  bench.set("A", connector_state::supplying, 10'000);
  bench.seconds(8);
  EXPECT_NE(bench.connector("A").step, domain::escalation::none);
  EXPECT_TRUE(bench.has_event("disobedience"));
}

} // namespace busbar::actors
