#include "control/stations/phase_balance.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace busbar::control::stations {

namespace {

using domain::line;
using domain::milliamperes;

/// One single-phase connector for each entry: its line and its largest current in A.
domain::site wired(const std::vector<std::pair<line, int>>& connectors) {
  tests::site_builder builder;
  builder.feeder("f1", 400'000);
  for (std::size_t i = 0; i < connectors.size(); ++i) builder.station("S" + std::to_string(i));
  auto site = *builder.build();
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    site.connectors[i].line_count = 1;
    site.connectors[i].lines[0] = connectors[i].first;
    site.connectors[i].current_max = milliamperes{connectors[i].second * 1'000};
  }
  return site;
}

domain::per_line<milliamperes> amperes(int l1, int l2, int l3) {
  return {milliamperes{l1 * 1'000}, milliamperes{l2 * 1'000}, milliamperes{l3 * 1'000}};
}

} // namespace

TEST(phase_balance, moves_the_fewest_connectors_that_level_the_lines) {
  using enum line;
  // 32 + 32 + 32 + 16 on L1: 112/0/16; level: 128 / 3, and with steps of 16 and 32: 48/48/32
  const auto found =
      balance_of(wired({{l1, 32}, {l1, 32}, {l1, 32}, {l1, 16}, {l3, 16}}));
  EXPECT_EQ(found.now, amperes(112, 0, 16));
  EXPECT_EQ(found.best, amperes(48, 48, 32));
  // One 32 A each on L1, L2, L3: two move. 16 A on L1 stays, 16 A on L3 goes to L2.
  ASSERT_EQ(found.moves.size(), 3u);
  EXPECT_EQ(found.moves[0].connector.value(), 1u);
  EXPECT_EQ(found.moves[0].from, l1);
  EXPECT_EQ(found.moves[0].to, l2);
  EXPECT_EQ(found.moves[1].connector.value(), 2u);
  EXPECT_EQ(found.moves[1].to, l3);
  EXPECT_EQ(found.moves[2].connector.value(), 4u);
  EXPECT_EQ(found.moves[2].from, l3);
  EXPECT_EQ(found.moves[2].to, l2);
}

TEST(phase_balance, leaves_a_site_alone_that_no_wiring_makes_better) {
  using enum line;
  const auto found = balance_of(wired({{l3, 32}, {l1, 32}, {l2, 32}, {l2, 16}}));
  EXPECT_EQ(found.now, amperes(32, 48, 32));
  EXPECT_EQ(found.best, found.now);
  EXPECT_TRUE(found.moves.empty());
}

TEST(phase_balance, counts_only_what_lies_on_one_line_to_neutral) {
  using enum line;
  auto site = wired({{l1, 32}, {l1, 32}, {l1, 32}});
  site.connectors[0].wiring = domain::connection::delta;
  site.connectors[1].line_count = 3;
  EXPECT_EQ(balance_of(site).now, amperes(32, 0, 0));
}

TEST(phase_balance, its_moves_lead_to_what_it_promises_on_any_site) {
  std::mt19937 random{7};
  for (int round = 0; round < 300; ++round) {
    std::vector<std::pair<line, int>> connectors(random() % 20);
    for (auto& [on, most] : connectors) {
      on = domain::all_lines[random() % 3];
      most = static_cast<int>(random() % 3 + 1) * 16;
    }
    auto site = wired(connectors);
    const auto found = balance_of(site);
    for (const auto& move : found.moves) {
      auto& lies_on = site.connectors[move.connector.value()].lines[0];
      EXPECT_EQ(lies_on, move.from);
      EXPECT_NE(move.from, move.to);
      lies_on = move.to;
    }
    const auto after = balance_of(site);
    EXPECT_EQ(after.now, found.best) << "round " << round;
    EXPECT_TRUE(after.moves.empty()) << "round " << round;
    EXPECT_LE(std::ranges::max(found.best), std::ranges::max(found.now));
  }
}

} // namespace busbar::control::stations
