// LIM-1 while stations switch phases: random sites whose stations obey late, answer late or never,
// get lost, and charge on the lines that they are really on.

#include "control/planner.hpp"
#include "tests/control/distribution/trees.hpp"
#include "tests/control/planner/garage.hpp"
#include "tests/control/planner/told_watch.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace busbar::control::tests {
namespace {

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

/// What arrives at one station: orders in their order, each late by up to 9 s.
struct switching_station {
  struct order {
    std::int64_t arrives = 0;
    std::optional<milliamperes> current;
    std::optional<std::uint8_t> lines;
  };
  std::deque<order> on_their_way;
  std::deque<std::pair<std::int64_t, milliamperes>> answers;
  std::int64_t says_at = 0;
  bool is_told = false;
  std::uint8_t lines = 3;
  std::uint8_t lines_said = 3;
  milliamperes obeys{};
  bool is_stubborn = false;
  told_watch told;

  [[nodiscard]] milliamperes unanswered() const {
    milliamperes most{};
    for (const auto& each : on_their_way) most = std::max(most, each.current.value_or(most));
    for (const auto& [when, current] : answers) most = std::max(most, current);
    return most;
  }
};

class switching_site {
public:
  explicit switching_site(std::mt19937_64& random) : random_(random) {
    distribution::tests::random_options options;
    options.connectors_max = 10;
    options.levels_max = 3;
    options.overloaded_percent = 0;
    auto made = distribution::tests::make_random_case(random, options);
    bounds_ = made.bounds;
    auto site = std::make_shared<domain::site>(made.built.site);
    for (auto& connector : site->connectors) {
      connector.can_switch_phases = connector.line_count == 3;
      connector.current_min = milliamperes{6'000};
      connector.step = milliamperes{1'000};
    }
    site->split = pick(random, 0, 1) == 0 ? domain::policy::equal : domain::policy::plan_ahead;
    image_.topology = site;
    image_.now = at(0);
    image_.nodes.resize(site->nodes.size());
    image_.connectors.resize(site->connectors.size());
    for (auto& row : image_.connectors) row.wants = true;
    stations_.resize(site->connectors.size());
    for (auto& station : stations_) station.is_stubborn = pick(random, 0, 9) == 0;
    real_ = std::make_unique<distribution::splitter>(*site);
    planner_ = std::make_unique<planner>(site);
  }

  void live(int ticks) {
    for (int tick = 0; tick < ticks && !testing::Test::HasFailure(); ++tick) {
      image_.now += domain::seconds{pick(random_, 1, 5)};
      for (std::size_t i = 0; i < stations_.size(); ++i) arrive(i);
      change_world();
      plan_and_check();
    }
  }
  int switches = 0;

private:
  [[nodiscard]] std::int64_t second() const { return (image_.now - at(0)).count() / 1'000'000; }

  void arrive(std::size_t i) {
    auto& station = stations_[i];
    auto& row = image_.connectors[i];
    while (!station.on_their_way.empty() && station.on_their_way.front().arrives <= second()) {
      const auto order = station.on_their_way.front();
      station.on_their_way.pop_front();
      if (order.current) {
        station.obeys = *order.current;
        station.answers.emplace_back(second() + pick(random_, 0, 3), station.obeys);
      } else if (!station.is_stubborn && station.lines != *order.lines) {
        EXPECT_TRUE(station.obeys.is_zero()) << "switched under load";
        station.lines = *order.lines;
        station.says_at = second() + pick(random_, 0, 9);
        ++switches;
      }
    }
    while (!station.answers.empty() && station.answers.front().first <= second()) {
      row.acknowledged = station.answers.front().second;
      station.answers.pop_front();
    }
    if (station.says_at <= second()) station.lines_said = station.lines;
    if (image_.topology->connectors[i].can_switch_phases) row.lines_now = station.lines_said;
    row.drawn = station.obeys;
    station.told.fill(row, station.unanswered(), image_.now);
  }

  void change_world() {
    for (auto& row : image_.connectors) {
      if (pick(random_, 0, 29) == 0) row.wants = !row.wants;
      if (pick(random_, 0, 59) == 0) row.is_reachable = !row.is_reachable;
    }
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      auto& live = image_.nodes[i].live_limits;
      live.clear();
      if (bounds_[i].line || bounds_[i].power)
        live.push_back({domain::limit_source::site_operator, bounds_[i].line, bounds_[i].power});
    }
    if (pick(random_, 0, 9) != 0) return;
    auto& bounds = bounds_[static_cast<std::size_t>(
        pick(random_, 0, static_cast<std::int64_t>(bounds_.size()) - 1))];
    if (bounds.line) {
      auto& line = (*bounds.line)[static_cast<std::size_t>(pick(random_, 0, 2))];
      const auto changed = line.count() * pick(random_, 5, 18) / 10;
      line = milliamperes{std::min<std::int64_t>(changed, 200'000)};
    }
  }

  void plan_and_check() {
    const auto& plan = planner_->decide(image_);
    std::vector<distribution::node_bounds> bounds;
    for (const auto& limits : plan.bounds) bounds.push_back(limits::bounds_of(limits));
    std::vector<milliamperes> reserves, obeyed;
    std::vector<std::uint8_t> said, used;
    for (std::size_t i = 0; i < stations_.size(); ++i) {
      reserves.push_back(plan.grants[i].reserved);
      obeyed.push_back(stations_[i].obeys);
      used.push_back(stations_[i].lines);
      const auto& row = image_.connectors[i];
      said.push_back(row.lines_now.value_or(plan.phase_choices[i]));
      const bool is_switching = plan.phase_choices[i] != said[i];
      // Out of reach its fallback is reserved for it, on all of its lines.
      EXPECT_TRUE(!is_switching || !row.is_reachable || plan.grants[i].reserved.is_zero());
      if (is_switching || !row.is_reachable) said[i] = 3;
    }
    // Where the plan's reserves fit, so does what really flows on the lines where it flows; and the
    // plan says no less than that of any line.
    EXPECT_TRUE(!fits(reserves, said, bounds) || fits(obeyed, used, bounds)) << "LIM-1";
    expect_counted(plan, obeyed, used);
    send(plan);
  }

  void expect_counted(const plan& plan, const std::vector<milliamperes>& obeyed,
                      const std::vector<std::uint8_t>& used) {
    use_lines(used);
    const auto& loads = real_->reserved(obeyed);
    for (std::size_t n = 0; n < loads.size(); ++n)
      for (std::size_t line = 0; line < 3; ++line)
        // Rounded at different places: give or take a milliampere.
        EXPECT_LE(loads[n].line[line].count(), plan.limits[n].reserved[line].count() + 1)
            << "node " << n << ", line " << line + 1;
  }

  void use_lines(const std::vector<std::uint8_t>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (image_.topology->connectors[i].can_switch_phases)
        real_->use_one_line(domain::connector_index{i}, lines[i] == 1);
  }

  bool fits(const std::vector<milliamperes>& currents, const std::vector<std::uint8_t>& lines,
            const std::vector<distribution::node_bounds>& bounds) {
    use_lines(lines);
    const auto& loads = real_->reserved(currents);
    for (std::size_t n = 0; n < loads.size(); ++n)
      for (std::size_t line = 0; line < 3; ++line) {
        const bool is_over =
            (bounds[n].line && loads[n].line[line] > (*bounds[n].line)[line]) ||
            (bounds[n].primary_line &&
             loads[n].primary_line[line] > (*bounds[n].primary_line)[line]) ||
            (bounds[n].power && loads[n].power > *bounds[n].power);
        if (is_over) return false;
      }
    return true;
  }

  void send(const plan& plan) {
    const auto post = [&](std::size_t i, switching_station::order order) {
      auto& way = stations_[i].on_their_way;
      const auto after = way.empty() ? second() : way.back().arrives;
      order.arrives = std::max(after, second() + pick(random_, 1, 9));
      if (image_.connectors[i].is_reachable) way.push_back(order);
    };
    for (const auto& effect : plan.effects) {
      const auto i = effect.connector.value();
      stations_[i].told.tell(image_.connectors[i], effect.current, image_.now);
      post(i, {.current = effect.current});
    }
    for (std::size_t i = 0; i < stations_.size(); ++i) {
      const auto now = image_.connectors[i].lines_now.value_or(plan.phase_choices[i]);
      const bool is_to_switch = plan.phase_choices[i] != now;
      if (is_to_switch && !stations_[i].is_told) post(i, {.lines = plan.phase_choices[i]});
      stations_[i].is_told = is_to_switch;
    }
  }

  std::mt19937_64& random_;
  std::vector<distribution::node_bounds> bounds_;
  image image_;
  std::vector<switching_station> stations_;
  std::unique_ptr<distribution::splitter> real_;
  std::unique_ptr<planner> planner_;
};

TEST(phase_switching, LIM_1_holds_on_the_lines_that_stations_are_really_on) {
  std::mt19937_64 random{distribution::tests::announced_seed() + 2};
  int switches = 0;
  for (int round = 0; round < 150 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    switching_site site{random};
    site.live(500);
    switches += site.switches;
  }
  EXPECT_GT(switches, 50) << "stations must switch for the property to say anything";
}

} // namespace
} // namespace busbar::control::tests
