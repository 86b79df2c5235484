// FAIR-2 where stations take their time: OCPP stations answer after up to 30 s, now and then not at
// all, and a site may be planned every second or every five minutes.

#include "tests/control/fairness/field_of_stations.hpp"

#include <gtest/gtest.h>

namespace busbar::control::tests {
namespace {

/// `connectors` on one line of the service; the last one comes after two minutes.
struct newcomer {
  newcomer(std::int64_t rating_ma, std::uint32_t connectors, std::int64_t answers_after)
      : site{rating_ma}, field{site, connectors}, last{connectors - 1} {
    for (std::uint32_t i = 0; i < connectors; ++i) site.connector(0, {0});
    for (std::uint32_t i = 0; i < connectors; ++i) field.at(i).answers_after = answers_after;
    site.row(last).wants = false;
  }
  void arrive() {
    field.live(120);
    site.row(last).wants = true;
  }
  garage site;
  field_of_stations field;
  std::uint32_t last;
};

TEST(slow_answers, FAIR_2_a_newcomer_charges_however_long_the_others_take_to_answer) {
  for (std::int64_t answer = 0; answer <= 30; ++answer) {
    newcomer world{12'000, 2, answer}; // 12 A = 6 A + 6 A: both minima fit
    world.arrive();
    ASSERT_EQ(world.field.at(0).offered_ma, 12'000) << answer;
    const auto told_before = world.field.at(0).decreases;
    // One answer to the decrease, one to the raise, a plan and a reading for each: 2 (30 + 2) s.
    world.field.live(2 * (answer + 2));
    EXPECT_EQ(world.field.at(1).offered_ma, 6'000) << answer;
    EXPECT_EQ(world.field.at(0).offered_ma, 6'000) << answer;
    world.field.live(3 * 3600);
    EXPECT_EQ(world.field.at(0).decreases, told_before + 1) << answer << ": told once";
    EXPECT_EQ(world.field.at(1).stops, 0) << answer;
    EXPECT_LE(world.field.most_reserved(), 12'000) << answer;
  }
}

TEST(slow_answers, FAIR_2_a_newcomer_gets_its_share_of_a_larger_current_too) {
  for (const std::int64_t answer : {3, 4, 10, 30}) {
    newcomer world{20'000, 2, answer};
    world.site.facts(0).current_max = milliamperes{16'000};
    world.arrive();
    ASSERT_EQ(world.field.at(0).offered_ma, 16'000);
    world.field.live(4 * (answer + 2));
    // 20 A / 2 = 10 A
    EXPECT_EQ(world.field.at(0).offered_ma, 10'000) << answer;
    EXPECT_EQ(world.field.at(1).offered_ma, 10'000) << answer;
  }
}

TEST(slow_answers, FAIR_2_a_newcomer_of_the_highest_priority_charges_too) {
  for (const std::int64_t answer : {3, 4, 10, 30}) {
    newcomer world{12'000, 2, answer};
    world.site.station(1).priority = 10;
    world.arrive();
    world.field.live(2 * (answer + 2));
    EXPECT_EQ(world.field.at(1).offered_ma, 6'000) << answer;
  }
}

TEST(slow_answers, FAIR_2_the_fourth_of_four_charges_where_all_four_minima_fit) {
  for (const std::int64_t answer : {3, 4, 10, 30}) {
    newcomer world{24'000, 4, answer}; // 4 x 6 A; three had 8 A each
    world.arrive();
    ASSERT_EQ(world.field.at(0).offered_ma, 8'000);
    world.field.live(2 * (answer + 2));
    for (std::uint32_t i = 0; i < 4; ++i)
      EXPECT_EQ(world.field.at(i).offered_ma, 6'000) << answer << ", connector " << i;
  }
}

TEST(slow_answers, FAIR_2_of_two_that_no_longer_fit_one_goes_on_with_all_that_is_left) {
  for (const std::int64_t answer : {0, 3, 4, 10, 30}) {
    garage site{14'000};
    site.connector(0, {0});
    site.connector(0, {0});
    field_of_stations field{site, 2};
    for (std::uint32_t i = 0; i < 2; ++i) field.at(i).answers_after = answer;
    field.live(120);
    ASSERT_EQ(field.at(0).offered_ma, 7'000);
    const milliamperes eleven{11'000};
    site.node(0).live_limits.push_back({domain::limit_source::site_operator,
                                        domain::per_line<milliamperes>{eleven, eleven, eleven},
                                        std::nullopt});
    // Both may stop while one owes its answer (LIM-1), and rest for 60 s; then come two answers.
    field.live(60 + 3 * (answer + 2));
    const auto before = field.at(0).ampere_seconds + field.at(1).ampere_seconds;
    field.live(3 * 3600);
    const auto flowed = field.at(0).ampere_seconds + field.at(1).ampere_seconds - before;
    // Turns of 300 s, and between two of them the two answers, in which less flows.
    EXPECT_GE(flowed, 11 * 3 * 3600 * 300 / (300 + 2 * (answer + 3))) << answer;
    EXPECT_LE(field.at(0).stops + field.at(1).stops, 2 + 3 * 3600 / 300) << answer;
  }
}

TEST(slow_answers, FAIR_2_a_turn_begins_when_it_is_told_not_when_it_is_planned) {
  garage site{11'000};
  site.connector(0);
  site.connector(0);
  field_of_stations field{site, 2, 300};
  for (std::uint32_t i = 0; i < 2; ++i) field.at(i).answers_after = 10;
  // Planned every 300 s: at 300 s the first is told to stop, at 600 s the second is told to start,
  // at 900 s it had its 300 s.
  field.live(620);
  EXPECT_EQ(field.at(1).offered_ma, 11'000);
  field.live(280);
  EXPECT_EQ(field.at(1).offered_ma, 11'000);
}

/// 2 to 10 connectors with limits of 6 to 26 A, answers of 0 to 30 s, some of them lost.
void live_slowly(std::mt19937_64& random, std::int64_t plan_every, int round) {
  const auto pick = [&](std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
  };
  const auto count = static_cast<std::uint32_t>(pick(2, 10));
  const auto rating = pick(6'000, 26'000);
  garage site{rating};
  for (std::uint32_t i = 0; i < count; ++i) site.connector(0, {0});
  field_of_stations field{site, count, plan_every};
  std::int64_t slowest = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    site.station(i).priority = static_cast<std::uint8_t>(pick(1, 10));
    field.at(i).answers_after = pick(0, 30);
    slowest = std::max(slowest, field.at(i).answers_after);
  }
  const bool loses = pick(0, 1) == 1;
  field.loses = [&random, loses] { return loses && random() % 10 == 0; };
  field.live(6 * 3600);
  // 30 min and for each a turn of 300 s, rounded up to a plan; an answer that ends the one before
  // and one that begins it, told again where answers are lost, each rounded up to a plan.
  const auto up = [&](std::int64_t time) { return (time / plan_every + 1) * plan_every; };
  const auto answer = up(slowest + (loses ? 60 : 0));
  const auto bound = up(1800) + count * (up(300) + answer) + answer;
  for (std::uint32_t i = 0; i < count; ++i) {
    EXPECT_LE(field.at(i).longest_off, bound)
        << "round " << round << ", plan every " << plan_every << " s, connector " << i << " of "
        << count << " on " << rating << " mA";
    EXPECT_GE(field.at(i).shortest_rest, 60 - 30) << "off is counted from its answer";
  }
  EXPECT_LE(field.most_reserved(), rating) << "LIM-1";
}

TEST(slow_answers, FAIR_2_the_bound_holds_whatever_the_answers_and_the_time_between_plans) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 7};
  int round = 0;
  for (const std::int64_t plan_every : {1, 1, 2, 5, 7, 20, 60, 60, 120, 300, 300})
    live_slowly(random, plan_every, round++);
}

TEST(slow_answers, FAIR_2_all_of_thirty_charge_where_a_plan_is_made_each_minute_or_each_five) {
  for (const std::int64_t plan_every : {60, 300}) {
    garage site{42'000}; // room for 7 minima
    for (std::uint32_t i = 0; i < 30; ++i) site.connector(0, {0});
    field_of_stations field{site, 30, plan_every};
    for (std::uint32_t i = 0; i < 30; ++i) field.at(i).answers_after = i % 31;
    field.live(4 * 3600);
    // Each turn takes a plan to end the one before: 30 / 7 rounds of (300 + 300) s = 2 571 s.
    for (std::uint32_t i = 0; i < 30; ++i)
      EXPECT_GE(field.at(i).charging_s, 4 * 3600 / 2'571 * 300 - 300)
          << "connector " << i << ", plan every " << plan_every << " s";
  }
}

} // namespace
} // namespace busbar::control::tests
