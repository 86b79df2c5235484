// The auditor finds what is wrong and nothing else, over hours of simulated time with faults.

#include "simulator/auditor.hpp"

#include "simulator/presets.hpp"
#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_yard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace busbar::simulator {
namespace {

using domain::session_fact_kind;
using tests::model_yard;

/// Every connector holds a fixed share of the tightest node above it: the engine is ordered so.
struct audited_run : tests::model_yard {
  explicit audited_run(std::uint64_t seed)
      : model_yard(tests::example_site("autonomous.toml"), autonomous(), seed) {
    for (std::size_t c = 0; c < site->connectors.size(); ++c) hold_to_share(c);
  }

  void hold_to_share(std::size_t c) {
    const auto share = share_of(c);
    domain::connector_constraint held;
    held.connector = domain::connector_index{c};
    held.current = {share, share, share};
    held.until = now() + std::chrono::hours{24};
    engine.order(held);
  }

  [[nodiscard]] domain::milliamperes share_of(std::size_t connector) const {
    const auto& at = site->connectors[connector];
    std::int64_t share = at.current_max.count();
    std::optional<domain::node_index> node = site->stations[at.station.value()].parent;
    for (; node; node = site->nodes[node->value()].parent)
      for (const auto& limit : site->nodes[node->value()].limits)
        for (std::size_t line = 0; limit.current && line < 3; ++line)
          // 7 of 10: room for the continuous factor and the load that nobody manages.
          share = std::min(share, (*limit.current)[line].count() * 7 / 10 /
                                      static_cast<std::int64_t>(site->connectors.size()));
    return domain::milliamperes{std::max<std::int64_t>(share, 6'000)};
  }
};

TEST(auditor, LIM_1_LIFE_1_finds_nothing_in_two_hours_of_fixed_shares_with_faults) {
  const std::uint64_t seed = 20'260'501;
  audited_run it{seed};
  it.pass(7'200);
  for (const auto& found : it.watch.findings())
    ADD_FAILURE() << "SEED=" << seed << ": " << found.rule << " " << found.text;
  EXPECT_GT(it.watch.ended_sessions(), 1'000U);
  EXPECT_LE(it.watch.open_sessions(), 10U); // one a point
}

TEST(auditor, LIM_1_finds_grants_that_are_too_large_with_node_line_and_numbers) {
  model_yard it{tests::example_site("autonomous.toml"), autonomous(), 1};
  it.twist = [&it](domain::command& command) {
    if (command.kind == domain::command_kind::grant)
      command.current = it.site->connectors[command.connector.value()].current_max;
  };
  it.pass(600);
  const auto& all = it.watch.findings();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [](const auto& each) { return each.rule == "LIM-1"; });
  ASSERT_NE(found, all.end());
  EXPECT_NE(found->text.find(" mA: "), std::string::npos) << found->text;
  EXPECT_GT(it.watch.worst_permille(), 1000);
}

domain::session_fact fact(session_fact_kind kind, std::int64_t second, std::int64_t wh) {
  domain::session_fact made;
  made.session = domain::session_id{"s-1"};
  made.station = domain::station_id{"CP-001"};
  made.kind = kind;
  made.at = tests::at_second(second);
  made.energy = domain::watt_hours{wh};
  return made;
}

std::vector<std::string> life_findings(const std::vector<domain::session_fact>& facts) {
  auditor watch{tests::example_site("autonomous.toml")};
  for (const auto& each : facts) watch.hear(each);
  std::vector<std::string> texts;
  for (const auto& found : watch.findings()) texts.push_back(found.text);
  return texts;
}

TEST(auditor, LIFE_1_finds_a_session_that_begins_twice_or_goes_on_after_its_end) {
  using enum session_fact_kind;
  EXPECT_EQ(life_findings({fact(accepted, 0, 0), fact(completed, 60, 100)}).size(), 0U);
  EXPECT_EQ(life_findings({fact(accepted, 0, 0), fact(accepted, 1, 0)}),
            (std::vector<std::string>{"session s-1 begins twice"}));
  EXPECT_EQ(life_findings({fact(accepted, 0, 0), fact(completed, 60, 100),
                           fact(completed, 61, 100)}),
            (std::vector<std::string>{"session s-1 goes on after its end"}));
  EXPECT_EQ(life_findings({fact(in_progress, 0, 0)}),
            (std::vector<std::string>{"session s-1 has no start"}));
}

TEST(auditor, LIFE_1_finds_energy_that_falls_or_exceeds_rating_times_time) {
  using enum session_fact_kind;
  EXPECT_EQ(life_findings({fact(accepted, 0, 0), fact(in_progress, 60, 100),
                           fact(in_progress, 61, 99)}),
            (std::vector<std::string>{"session s-1: 99 Wh after 100"}));
  // 32 A * 3 * 230 V = 22 080 W; over 60 s and 5 s of slack: 398.7 Wh, and one Wh for rounding.
  EXPECT_EQ(life_findings({fact(accepted, 0, 0), fact(completed, 60, 500)}),
            (std::vector<std::string>{"session s-1: 500 Wh is above rating x time, 400"}));
}

} // namespace
} // namespace busbar::simulator
