// Orders are checked and answered by the site that owns their places.
#include "ports/order_ticket.hpp"
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/site_builder.hpp"

#include <caf/send.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace busbar::actors {

using tests::engine_bench;
using tests::site_builder;

namespace {

std::shared_ptr<const domain::site> garage() {
  return site_builder{}.feeder("f1", 40'000).station("A").station("B").build();
}

struct asked {
  std::vector<domain::order_answer> answers;
  std::shared_ptr<ports::order_ticket> ticket;

  explicit asked(std::vector<domain::order_wish> wishes, std::uint64_t topology_hash = 0) {
    ports::order_request request{domain::site_id{"garage"}, std::move(wishes), {}, topology_hash};
    ticket = std::make_shared<ports::order_ticket>(
        std::move(request),
        [this](domain::order_answer given) { answers.push_back(std::move(given)); });
  }
  [[nodiscard]] const std::vector<domain::order_taken>& taken() const {
    return std::get<std::vector<domain::order_taken>>(answers.at(0));
  }
};

void give(engine_bench& bench, const asked& order) {
  const auto routes = bench.context().routes->find(domain::site_id{"garage"});
  ASSERT_TRUE(routes->inbox->put({{}, bench.now, {}, order.ticket}));
  caf::anon_send(routes->site, mail_waits{bench.now});
  bench.run();
}

domain::order_wish hold_at(std::uint32_t connector, std::int64_t ma, domain::instant until) {
  domain::connector_constraint limit;
  limit.connector = domain::connector_index{connector};
  const domain::milliamperes each{ma};
  limit.current = domain::per_line<domain::milliamperes>{each, each, each};
  limit.until = until;
  return {limit, {}, {}};
}

} // namespace

TEST(order_answers, an_order_is_in_force_when_its_site_answers_that_it_is_taken) {
  engine_bench bench{garage()};
  bench.seconds(2);
  const asked order{{hold_at(0, 10'000, bench.now + domain::seconds{60})}};
  give(bench, order);
  ASSERT_EQ(order.answers.size(), 1U);
  EXPECT_EQ(order.taken().size(), 1U);
  EXPECT_TRUE(bench.connector("A").constraint);
  EXPECT_EQ(bench.log.count("limit_set"), 1U);
}

TEST(order_answers, of_several_wishes_one_that_does_not_fit_refuses_all) {
  engine_bench bench{garage()};
  bench.seconds(2);
  const auto until = bench.now + domain::seconds{60};
  const asked order{{hold_at(0, 10'000, until), hold_at(7, 10'000, until)}};
  give(bench, order);
  const auto& refused = std::get<domain::order_refusal>(order.answers.at(0));
  EXPECT_EQ(refused.why.code, domain::errc::unknown_reference);
  EXPECT_FALSE(bench.connector("A").constraint);
  EXPECT_EQ(bench.log.count("limit_set"), 0U);
}

TEST(order_answers, an_order_that_has_timed_out_is_not_taken_when_the_site_comes_to_it) {
  engine_bench bench{garage()};
  bench.seconds(2);
  const asked order{{hold_at(0, 10'000, bench.now + domain::seconds{60})}};
  order.ticket->refuse({domain::errc::timeout, "too late"});
  give(bench, order);
  EXPECT_EQ(order.answers.size(), 1U);
  EXPECT_FALSE(bench.connector("A").constraint);
}

TEST(order_answers, places_of_a_tree_that_the_site_no_longer_has_are_refused) {
  engine_bench bench{garage()};
  bench.seconds(2);
  const asked order{{hold_at(0, 10'000, bench.now + domain::seconds{60})}, 0xdead};
  give(bench, order);
  const auto& refused = std::get<domain::order_refusal>(order.answers.at(0));
  EXPECT_EQ(refused.why.code, domain::errc::conflict);
  EXPECT_FALSE(bench.connector("A").constraint);
}

TEST(order_answers, of_two_changes_of_load_shedding_at_once_none_is_lost) {
  engine_bench bench{garage()};
  bench.seconds(2);
  domain::order_wish rise{domain::configure_shedding{}, {}, {}};
  rise.change.rise = domain::permille{1'100};
  domain::order_wish fall{domain::configure_shedding{}, {}, {}};
  fall.change.fall = domain::permille{700};
  const asked first{{rise}};
  const asked second{{fall}};
  // Both wait before the site comes to them, and no view was published between them.
  const auto routes = bench.context().routes->find(domain::site_id{"garage"});
  ASSERT_TRUE(routes->inbox->put({{}, bench.now, {}, first.ticket}));
  give(bench, second);
  const auto& settings =
      std::get<domain::configure_shedding>(second.taken().front().order).settings;
  EXPECT_EQ(settings.rise.count(), 1'100);
  EXPECT_EQ(settings.fall.count(), 700);
}

TEST(order_answers, a_level_by_hand_outlives_a_change_of_settings_that_comes_before_the_next_plan) {
  for (const bool has_planned : {true, false}) {
    engine_bench bench{garage()};
    if (has_planned) bench.seconds(2);
    domain::order_wish level{domain::configure_shedding{}, {}, {}};
    level.change.level = 3;
    domain::order_wish dwell{domain::configure_shedding{}, {}, {}};
    dwell.change.dwell_up = domain::seconds{7};
    const asked first{{level}};
    const asked second{{dwell}};
    const auto routes = bench.context().routes->find(domain::site_id{"garage"});
    ASSERT_TRUE(routes->inbox->put({{}, bench.now, {}, first.ticket}));
    give(bench, second);
    const auto& both = std::get<domain::configure_shedding>(second.taken().front().order);
    EXPECT_EQ(both.forced_level, 3) << has_planned;
    EXPECT_EQ(both.settings.rise, garage()->shedding.rise) << has_planned;
    EXPECT_EQ(both.settings.dwell_up, domain::seconds{7}) << has_planned;
  }
}

} // namespace busbar::actors
