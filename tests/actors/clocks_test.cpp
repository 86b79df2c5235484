// The real actors with stations whose clocks are off, drift and are set.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on instead of the tests' own.
#include "simulator/presets.hpp"
#include "tests/actors/yard_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace busbar::actors {

using domain::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::seeds_or;
using tests::yard_bench;

namespace {

/// How far a clock is ahead, so long after the begin.
using clock_course = std::function<microseconds(microseconds since)>;

/// A yard whose stations CP-001 to CP-010 have clocks of their own.
class yard_of_clocks {
public:
  yard_of_clocks(std::vector<clock_course> clocks, std::uint64_t seed)
      : clocks_(std::move(clocks)), seed_(seed), bench_(site_, calm(), seed) {
    bench_.twist = [this](domain::telemetry_batch& batch) {
      for (auto& reading : batch.readings) reading.measured_at += ahead(station_of(reading));
    };
  }
  /// Every station is heard all the time, but in the first minute.
  void pass(int length) {
    for (int passed = 0; passed < length; passed += 5, passed_ += 5) {
      bench_.pass(5);
      if (passed_ < 60) continue;
      for (const auto& connector : bench_.view()->connectors)
        EXPECT_FALSE(connector.is_stale) << connector.connector.value() << " SEED=" << seed_
                                         << " after " << passed_ << " s";
    }
  }
  /// What is shown follows in steps of 5 s.
  void expect_known() const {
    for (std::uint32_t i = 0; i < clocks_.size(); ++i) {
      const auto known = bench_.view()->stations[i].clock_ahead;
      EXPECT_LE(std::chrono::abs(known - ahead(i)), seconds{5})
          << site_->stations[i].id.text() << " SEED=" << seed_;
    }
  }
  /// Nothing exceeds a limit, and no rule is broken.
  void expect_no_finding() const {
    for (const auto& found : bench_.watch.findings())
      ADD_FAILURE() << "SEED=" << seed_ << ": " << found.rule << " " << found.text;
    EXPECT_GT(bench_.watch.ended_sessions() + bench_.view()->sessions.size(), 5U)
        << "SEED=" << seed_;
  }
  [[nodiscard]] std::size_t told(const char* kind) const { return bench_.log.count(kind); }

private:
  static simulator::world_settings calm() {
    auto settings = simulator::autonomous();
    settings.faults.kinds.clear();
    return settings;
  }
  [[nodiscard]] std::uint32_t station_of(const domain::reading& reading) const {
    return static_cast<std::uint32_t>(
        site_->connectors[reading.connector.value()].station.value());
  }
  [[nodiscard]] microseconds ahead(std::uint32_t station) const {
    return station < clocks_.size() ? clocks_[station](bench_.now - began_) : microseconds{};
  }

  std::shared_ptr<const domain::site> site_ = tests::example_site("autonomous.toml");
  std::vector<clock_course> clocks_;
  std::uint64_t seed_;
  yard_bench bench_;
  domain::instant began_ = bench_.now;
  int passed_ = 0;
};

clock_course always(microseconds ahead) {
  return [ahead](microseconds) { return ahead; };
}
/// Gains a second in each `by`, or loses it.
clock_course gains_in(seconds by) {
  return [by](microseconds since) { return since / by.count(); };
}
/// Right, then set.
clock_course is_set(microseconds ahead) {
  return [ahead](microseconds since) { return since < seconds{90} ? microseconds{} : ahead; };
}

TEST(clocks, LIM_1_LIM_3_stations_whose_clocks_are_off_are_heard_and_told_of_once) {
  const std::vector<clock_course> off{
      always(seconds{19}),    always(-seconds{19}),   always(seconds{20}), always(-seconds{20}),
      always(seconds{21}),    always(-seconds{21}),   always(seconds{60}), always(-seconds{60}),
      always(seconds{3'600}), always(-seconds{3'600})};
  for (const auto seed : seeds_or({6, 8})) {
    yard_of_clocks it{off, seed};
    it.pass(60);
    it.expect_known();
    it.pass(120);
    it.expect_known();
    EXPECT_EQ(it.told("clock_off"), off.size()) << "SEED=" << seed;
    EXPECT_EQ(it.told("clock_right"), 0U) << "SEED=" << seed;
    it.expect_no_finding();
  }
}

TEST(clocks, LIM_1_LIM_3_clocks_that_drift_are_followed_and_told_of_each_5_s) {
  const std::vector<clock_course> drifts{gains_in(seconds{10}), gains_in(-seconds{10}),
                                         gains_in(seconds{60}), gains_in(-seconds{60})};
  for (const auto seed : seeds_or({6, 8})) {
    yard_of_clocks it{drifts, seed};
    it.pass(300);
    it.expect_known();
    // 30 s, told from the first second on: at most 7 times each; and 5 s, at most twice.
    EXPECT_LE(it.told("clock_off"), 2 * 7U + 2 * 2U) << "SEED=" << seed;
    EXPECT_GE(it.told("clock_off"), 2 * 5U + 2 * 1U) << "SEED=" << seed;
    EXPECT_EQ(it.told("clock_right"), 0U) << "SEED=" << seed;
    it.expect_no_finding();
  }
}

TEST(clocks, LIM_1_LIM_3_clocks_that_are_set_are_followed_and_told_of_once) {
  const std::vector<clock_course> set{
      is_set(seconds{19}), is_set(-seconds{19}), is_set(seconds{20}),    is_set(-seconds{20}),
      is_set(seconds{60}), is_set(-seconds{60}), is_set(seconds{3'600}), is_set(-seconds{3'600})};
  for (const auto seed : seeds_or({6, 8})) {
    yard_of_clocks it{set, seed};
    it.pass(85);
    EXPECT_EQ(it.told("clock_off"), 0U) << "SEED=" << seed;
    it.pass(155);
    it.expect_known();
    EXPECT_EQ(it.told("clock_off"), set.size()) << "SEED=" << seed;
    it.expect_no_finding();
  }
}

} // namespace
} // namespace busbar::actors
