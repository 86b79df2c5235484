// LIM-1 with transitions: thousands of random sites live through delays, lost stations, vehicles
// that take less, and limits that fall, while the stations obey only what has really reached
// them.

#include "control/planner.hpp"
#include "site/grant_ledger.hpp"
#include "tests/control/distribution/certificate.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <memory>

namespace busbar::control::tests {
namespace {

using distribution::node_bounds;
using site::grant_ledger;
using domain::milliamperes;

std::int64_t pick(std::mt19937_64& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

/// What one station does with what it is told: commands arrive in order, late; it acknowledges
/// late.
struct station_in_the_field {
  struct command {
    int arrives = 0;
    domain::sequence number = 0;
    milliamperes current{};
    bool is_export = false;
  };
  std::deque<command> on_their_way;
  /// When it arrives, and the number that it acknowledges.
  std::deque<std::pair<int, domain::sequence>> acknowledgements;
  grant_ledger ledger;
  milliamperes obeys{};
  bool is_export = false;
  int turns = 0;
  milliamperes draws{};
};

class field {
public:
  explicit field(std::mt19937_64& random) : random_(random) {
    distribution::tests::random_options options;
    options.connectors_max = 12;
    options.levels_max = 4;
    options.overloaded_percent = 0;
    auto made = distribution::tests::make_random_case(random, options);
    bounds_ = made.bounds;
    auto site = std::make_shared<domain::site>(made.built.site);
    prepare(*site, made.demands);
    image_.topology = site;
    image_.nodes.resize(site->nodes.size());
    image_.connectors.resize(site->connectors.size());
    stations_.resize(site->connectors.size());
    splitter_ = std::make_unique<distribution::splitter>(*site);
    planner_ = std::make_unique<planner>(site);
    for (auto& row : image_.connectors) row.wants = true;
  }

  void live(int ticks, int calm_ticks) {
    for (tick_ = 0; tick_ < ticks + calm_ticks && !testing::Test::HasFailure(); ++tick_) {
      is_calm_ = tick_ >= ticks;
      deliver();
      change_world();
      look();
      plan_and_check();
    }
  }
  [[nodiscard]] bool is_kept() const { return is_kept_; }
  /// From charging to export and back.
  [[nodiscard]] int turns() const {
    int sum = 0;
    for (const auto& station : stations_) sum += station.turns;
    return sum;
  }

private:
  void prepare(domain::site& site, const std::vector<distribution::demand>& demands);
  void deliver();
  void change_world();
  void look();
  void plan_and_check();
  void check_blocked(const plan& plan, const std::vector<milliamperes>& before);
  void send(const plan& plan);
  [[nodiscard]] std::vector<milliamperes> obeyed() const;

  std::mt19937_64& random_;
  std::vector<node_bounds> bounds_;
  image image_;
  std::vector<station_in_the_field> stations_;
  std::unique_ptr<distribution::splitter> splitter_;
  std::unique_ptr<planner> planner_;
  site::ledger_settings settings_;
  domain::fallback when_lost_;
  /// No lease ends here.
  site::ledger_terms terms_{settings_, when_lost_, domain::seconds{1'000'000}};
  domain::sequence number_ = 0;
  int tick_ = 0;
  bool is_calm_ = false;
  bool is_kept_ = false;
};

void field::prepare(domain::site& site, const std::vector<distribution::demand>& demands) {
  constexpr std::array policies{domain::policy::equal, domain::policy::priority,
                                domain::policy::soc_deficit, domain::policy::first_come,
                                domain::policy::least_laxity};
  site.split = policies[static_cast<std::size_t>(pick(random_, 0, 4))];
  if (pick(random_, 0, 3) == 0) site.ramping = domain::ramp{};
  for (std::size_t i = 0; i < demands.size(); ++i) {
    auto& connector = site.connectors[i];
    connector.current_max = demands[i].cap;
    connector.step = demands[i].step;
    connector.current_min = milliamperes{pick(random_, 0, 1) ? 0 : pick(random_, 0, 8'000)};
    connector.current_min = std::min(connector.current_min, connector.current_max);
    site.stations[i].priority = static_cast<std::uint8_t>(pick(random_, 1, 10));
  }
  for (auto& node : site.nodes)
    if (node.transformer)
      node.transformer->rated = domain::volt_amperes{pick(random_, 5'000, 200'000)};
}

void field::deliver() {
  for (auto& station : stations_) {
    while (!station.on_their_way.empty() && station.on_their_way.front().arrives <= tick_) {
      const auto& next = station.on_their_way.front();
      // Through zero: it turns around only where nothing flows.
      ASSERT_TRUE(next.is_export == station.is_export || station.obeys.is_zero());
      ASSERT_TRUE(next.is_export == station.is_export || station.draws <= milliamperes{500});
      station.turns += next.is_export != station.is_export;
      station.is_export = next.is_export;
      station.obeys = next.current;
      station.acknowledgements.push_back({tick_ + static_cast<int>(pick(random_, 0, 2)),
                                          next.number});
      station.on_their_way.pop_front();
    }
    while (!station.acknowledgements.empty() && station.acknowledgements.front().first <= tick_) {
      const auto number = station.acknowledgements.front().second;
      static_cast<void>(station.ledger.answer({{}, number, domain::outcome::accepted}, terms_,
                                              image_.now));
      station.acknowledgements.pop_front();
    }
    // A vehicle takes up to what its station allows, now and then less.
    const auto most = station.obeys.count();
    station.draws = milliamperes{pick(random_, 0, 3) ? most : pick(random_, 0, most)};
  }
}

void field::change_world() {
  if (is_calm_) {
    for (auto& row : image_.connectors) row.is_reachable = true;
    return;
  }
  if (pick(random_, 0, 9) == 0) {
    auto& bounds = bounds_[static_cast<std::size_t>(
        pick(random_, 0, static_cast<std::int64_t>(bounds_.size()) - 1))];
    if (bounds.line)
      for (auto& line : *bounds.line) line = milliamperes{line.count() * pick(random_, 2, 13) / 10};
    if (bounds.power) bounds.power = domain::watts{bounds.power->count() * 9 / 10};
  }
  for (auto& row : image_.connectors) {
    if (pick(random_, 0, 19) == 0) row.wants = !row.wants;
    if (pick(random_, 0, 19) == 0) row.is_reachable = !row.is_reachable;
    if (pick(random_, 0, 9) == 0) row.gives_back = !row.gives_back;
    row.export_max = milliamperes{pick(random_, 0, 40'000)};
  }
}

void field::look() {
  image_.now += domain::seconds{pick(random_, 1, 5)};
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    auto& station = stations_[i];
    domain::reading reading;
    reading.current_ma.fill(static_cast<std::int32_t>(station.draws.count()));
    if (station.is_export)
      for (auto& line : reading.current_ma) line = -line;
    static_cast<void>(station.ledger.read({reading, image_.now}, terms_, image_.now));
    image_.connectors[i].drawn = station.draws;
    station.ledger.fill(image_.connectors[i], terms_, image_.now);
  }
  for (std::size_t i = 0; i < bounds_.size(); ++i) {
    auto& live = image_.nodes[i].live_limits;
    live.clear();
    if (bounds_[i].line || bounds_[i].power)
      live.push_back({domain::limit_source::site_operator, bounds_[i].line, bounds_[i].power});
  }
}

std::vector<milliamperes> field::obeyed() const {
  std::vector<milliamperes> currents;
  for (const auto& station : stations_) currents.push_back(station.obeys);
  return currents;
}

void field::plan_and_check() {
  const auto& plan = planner_->decide(image_);
  std::vector<node_bounds> bounds;
  for (const auto& limits : plan.bounds) bounds.push_back(limits::bounds_of(limits));
  std::vector<milliamperes> before, after;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    const auto& row = image_.connectors[i];
    const auto& grant = plan.grants[i];
    const auto known = std::max({row.told, row.acknowledged, row.drawn, row.reserve});
    before.push_back(grant.granted > row.told ? known : grant.reserved);
    after.push_back(grant.reserved);
    ASSERT_GE(grant.reserved, std::max(known, grant.granted));
    ASSERT_GE(grant.reserved, stations_[i].obeys) << "what it may draw is counted";
    ASSERT_TRUE(!row.is_reachable || grant.granted <= grant.target || grant.granted <= row.told);
  }
  is_kept_ = splitter_->fits(after, bounds);
  ASSERT_TRUE(!is_kept_ || splitter_->fits(obeyed(), bounds)) << "LIM-1 at every instant";
  ASSERT_TRUE(is_kept_ || !splitter_->fits(before, bounds)) << "the plan itself broke a limit";
  check_blocked(plan, before);
  send(plan);
}

/// Below a node that is over its limit nothing is raised.
void field::check_blocked(const plan& plan, const std::vector<milliamperes>& before) {
  const auto& site = *image_.topology;
  const auto loads = splitter_->reserved(before);
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    if (plan.grants[i].granted <= image_.connectors[i].told) continue;
    std::optional<domain::node_index> node = site.stations[i].parent;
    for (; node; node = site.nodes[node->value()].parent)
      for (const auto line : limits::every_line) {
        const auto* bound = plan.bounds[node->value()].find(line);
        ASSERT_TRUE(!bound || limits::load_on(loads[node->value()], line) <= bound->left);
      }
  }
}

void field::send(const plan& plan) {
  for (const auto& effect : plan.effects) {
    auto& station = stations_[effect.connector.value()];
    domain::command command;
    command.kind = domain::command_kind::grant;
    command.number = ++number_;
    command.current = effect.current;
    command.is_export = effect.is_export;
    command.lease = terms_.lease;
    station.ledger.issue(command, terms_, image_.now);
    const int sent = station.on_their_way.empty() ? tick_ : station.on_their_way.back().arrives;
    station.on_their_way.push_back({std::max(sent, tick_ + static_cast<int>(pick(random_, 1, 3))),
                                    command.number, effect.current, effect.is_export});
  }
}

TEST(transitions, LIM_1_holds_at_every_instant_for_what_stations_really_obey) {
  std::mt19937_64 random{distribution::tests::announced_seed()};
  int turns = 0;
  for (int round = 0; round < 700 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    // Commands and answers arrive within 5 ticks, and nothing is in flight for over 30 s.
    field field{random};
    field.live(25, 45);
    EXPECT_TRUE(field.is_kept()) << "once the world is calm, every limit is kept again";
    turns += field.turns();
  }
  EXPECT_GT(turns, 1'000);
}

} // namespace
} // namespace busbar::control::tests
