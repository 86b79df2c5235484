// LIM-9: whatever becomes of a site's tree, nothing that stands is overloaded by what the new tree
// no longer has, or has elsewhere. Stations hold what they were told; what is gone holds it until
// the reserve ends.
#include "control/carry_over/carried_state.hpp"
#include "control/carry_over/left_loads.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/planner.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/control/distribution/trees.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace busbar::control::carry_over {
namespace {

using distribution::node_bounds;
using domain::milliamperes;

const domain::instant noon{std::chrono::seconds{1'700'000'000}};

/// A site in the world: what every connector was told, and obeys.
class yard {
public:
  explicit yard(std::shared_ptr<const domain::site> site) : site_(site), planner_(site) {
    image_.topology = site;
    image_.nodes.resize(site->nodes.size());
    image_.connectors.resize(site->connectors.size());
    for (auto& connector : image_.connectors) connector.wants = true;
  }

  void restore(const domain::site_state& state) {
    ASSERT_TRUE(planner_.restore(state.planner_memory));
    for (const auto& told : state.told) {
      auto& connector = image_.connectors[told.connector.value()];
      connector.told = told.told;
      connector.acknowledged = told.acknowledged;
    }
    limits::put_left(*site_, state.left_behind, image_.nodes);
  }

  /// The plan of that second; its commands are obeyed at once, and acknowledged.
  void tick(int second) {
    image_.now = noon + std::chrono::seconds{second};
    const auto& plan = planner_.decide(image_);
    for (const auto& effect : plan.effects) {
      auto& connector = image_.connectors[effect.connector.value()];
      connector.told = connector.acknowledged = effect.current;
    }
  }

  [[nodiscard]] std::vector<milliamperes> held() const {
    std::vector<milliamperes> currents;
    for (const auto& connector : image_.connectors)
      currents.push_back(std::max(connector.told, connector.acknowledged));
    return currents;
  }

  [[nodiscard]] domain::site_state state() const {
    domain::site_state state;
    state.site = site_->id;
    for (std::size_t i = 0; i < image_.connectors.size(); ++i)
      state.told.push_back({domain::connector_index{i}, 1, image_.connectors[i].told,
                            image_.connectors[i].acknowledged});
    state.planner_memory = planner_.memory();
    return state;
  }

private:
  std::shared_ptr<const domain::site> site_;
  planner planner_;
  control::image image_;
};

class changing_site {
public:
  explicit changing_site(std::uint64_t seed) : random_(seed) {
    distribution::tests::random_options options;
    options.connectors_max = 14;
    options.levels_max = 4;
    options.overloaded_percent = 0;
    options.is_plain = true;
    auto made = distribution::tests::make_random_case(random_, options);
    before_ = std::move(made.built.site);
    for (std::size_t i = 0; i < before_.nodes.size(); ++i) {
      auto& node = before_.nodes[i];
      node.id = domain::node_id{"n" + std::to_string(i)};
      const milliamperes most{static_cast<std::int64_t>(4'000 + random_() % 60'000)};
      node.limits = {{domain::limit_source::breaker,
                      domain::per_line<milliamperes>{most, most, most}, std::nullopt}};
    }
    for (std::size_t i = 0; i < before_.connectors.size(); ++i) {
      before_.stations[i].id = domain::station_id{"s" + std::to_string(i)};
      before_.connectors[i].id = domain::connector_id{"c" + std::to_string(i)};
      const auto least = static_cast<std::int64_t>(random_() % 2'000);
      before_.connectors[i].current_min = milliamperes{least};
      before_.connectors[i].current_max = milliamperes{32'000};
    }
    domain::seal(before_);
    now_ = changed();
  }

  void live() {
    yard then{std::make_shared<const domain::site>(before_)};
    for (int second = 0; second < 4; ++second) then.tick(second);
    const auto told = then.held();
    const auto carried = carry(then.state(), outline_of(before_), now_,
                               noon + std::chrono::seconds{4});
    yard grown{std::make_shared<const domain::site>(now_)};
    grown.restore(carried.state);
    for (int second = 4; second < 16; ++second) {
      grown.tick(second);
      look_at_the_tree_before(carried.places, told, grown.held());
    }
    distribution::splitter splitter{now_};
    EXPECT_TRUE(splitter.fits(grown.held(), bounds_of(now_))) << "of now";
    return_home(grown, carried.state.left_behind);
    rewired_ += std::ranges::count(carried.left, false, &left_connector::is_gone);
    gone_ += std::ranges::count(carried.left, true, &left_connector::is_gone);
  }
  static inline std::int64_t rewired_ = 0, gone_ = 0;

private:
  /// The change is taken back at once: what is back counts for itself, and what is left of it at
  /// its own nodes is nothing.
  void return_home(const yard& grown, const std::vector<domain::left_load>& left) {
    auto state = grown.state();
    state.left_behind = left;
    const auto at = noon + std::chrono::seconds{16};
    const auto carried = carry(state, outline_of(now_), before_, at);
    yard home{std::make_shared<const domain::site>(before_)};
    home.restore(carried.state);
    for (int second = 16; second < 28; ++second) home.tick(second);
    distribution::splitter splitter{before_};
    EXPECT_TRUE(splitter.fits(home.held(), bounds_of(before_))) << "of before, again";
    for (const auto& load : carried.state.left_behind)
      for (const auto& each : limits::count_left(before_, load))
        EXPECT_FALSE(hangs_below(load, each.node)) << load.of->station.text() << " at "
                                                   << before_.nodes[each.node.value()].id.text();
  }

  /// Whether the owner of `load` hangs on `node`, wired as it was.
  [[nodiscard]] bool hangs_below(const domain::left_load& load, domain::node_index node) const {
    for (const auto& connector : before_.connectors) {
      const auto& station = before_.stations[connector.station.value()];
      const bool is_owner = load.of && load.of->station == station.id &&
                            load.of->connector == connector.id &&
                            load.of->wiring == wiring_of(connector);
      if (is_owner) return is_at_or_above(before_, node, station.parent);
    }
    return false;
  }

  static std::vector<node_bounds> bounds_of(const domain::site& site) {
    std::vector<node_bounds> bounds;
    for (const auto& node : site.nodes) bounds.push_back({node.limits[0].current, {}, {}, {}});
    return bounds;
  }

  /// What hangs as before holds what it holds now; what is rewired that too, and no more than it
  /// was told where it hung; what is gone still holds what it was told.
  void look_at_the_tree_before(const place_match& places, const std::vector<milliamperes>& told,
                               const std::vector<milliamperes>& now) {
    auto held = told;
    for (std::size_t i = 0; i < held.size(); ++i) {
      const auto& row = places.connectors[i];
      if (row.fate == place_fate::same) held[i] = now[row.now.value()];
      if (row.fate == place_fate::rewired) held[i] = std::min(told[i], now[row.now.value()]);
    }
    auto bounds = bounds_of(before_);
    for (std::size_t i = 0; i < bounds.size(); ++i)
      if (!places.nodes[i]) bounds[i] = {};
    distribution::splitter splitter{before_};
    const auto excess = splitter.first_excess(held, bounds);
    EXPECT_FALSE(excess) << "node " << before_.nodes[excess->node.value()].id.text();
  }

  domain::site changed() {
    auto site = before_;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < site.stations.size(); ++i)
      if (random_() % 4 != 0) order.push_back(i);
    std::shuffle(order.begin(), order.end(), random_);
    site.stations.clear();
    site.connectors.clear();
    for (const auto place : order) add(site, place, "");
    if (random_() % 2 == 0) add(site, random_() % before_.stations.size(), "x");
    for (std::size_t i = 1; i < site.nodes.size(); ++i) {
      if (random_() % 8 == 0) site.nodes[i].id = domain::node_id{"renamed" + std::to_string(i)};
      if (random_() % 8 == 0) site.nodes[i].parent = domain::node_index{random_() % i};
    }
    domain::seal(site);
    return site;
  }

  void add(domain::site& site, std::size_t from, const std::string& prefix) {
    auto station = before_.stations[from];
    auto connector = before_.connectors[from];
    station.id = domain::station_id{prefix + station.id.text()};
    station.first_connector = domain::connector_index{site.connectors.size()};
    if (random_() % 5 == 0) station.parent = domain::node_index{random_() % site.nodes.size()};
    if (random_() % 8 == 0)
      std::rotate(connector.lines.begin(), connector.lines.begin() + 1, connector.lines.end());
    connector.station = domain::station_index{site.stations.size()};
    site.stations.push_back(station);
    site.connectors.push_back(connector);
  }

  std::mt19937_64 random_;
  domain::site before_;
  domain::site now_;
};

} // namespace

TEST(growth_property, LIM_9_LIM_1_nothing_that_stands_is_overloaded_by_what_a_new_tree_lacks) {
  std::vector<std::uint64_t> seeds(1'500);
  std::iota(seeds.begin(), seeds.end(), 1);
  for (const auto seed : busbar::tests::seeds_or(seeds)) {
    changing_site{seed}.live();
    ASSERT_FALSE(testing::Test::HasFailure()) << "SEED=" << seed;
  }
  EXPECT_GT(changing_site::rewired_, 0);
  EXPECT_GT(changing_site::gone_, 0);
}

} // namespace busbar::control::carry_over
