// New nodes and moves that are configured at a running site.

#include "control/operators/tree_revision.hpp"

#include "control/operators/configuration.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::control::operators {
namespace {

using domain::errc;
using domain::milliamperes;
using domain::node_kind;

/// A service of 100 A; two feeders of 40 A, A and B on the first, C on the second, each falling
/// back to 6 A.
class tree_revision : public testing::Test {
protected:
  tree_revision() {
    site = *tests::site_builder{}
                .limit(100'000)
                .feeder("f1", 40'000)
                .station("A")
                .fallback(6'000)
                .station("B")
                .fallback(6'000)
                .feeder("f2", 40'000)
                .station("C")
                .fallback(6'000)
                .build();
  }
  static domain::tree_wish feeder(const std::string& id, std::vector<domain::station_id> stations) {
    domain::tree_wish wish;
    wish.node = domain::node_id{id};
    wish.kind = node_kind::feeder;
    wish.stations = std::move(stations);
    return wish;
  }
  static domain::tree_wish transformer(const std::string& id,
                                       std::vector<domain::node_id> children) {
    domain::tree_wish wish;
    wish.node = domain::node_id{id};
    wish.kind = node_kind::transformer;
    wish.children = std::move(children);
    return wish;
  }
  /// What is configured, with moves that make `wish` so in the site as it is now.
  void add(const domain::tree_wish& wish, std::int64_t limit_ma = 0, std::int64_t rated_va = 0) {
    const auto moves = moves_of(now(), wish);
    ASSERT_TRUE(moves) << moves.failure().message;
    for (const auto& each : moves.value().nodes) merge(all, each);
    for (const auto& each : moves.value().stations) merge(all, each);
    domain::node_configuration own;
    own.node = wish.node;
    if (limit_ma > 0) own.current_max = milliamperes{limit_ma};
    if (rated_va > 0) own.rated = domain::volt_amperes{rated_va};
    merge(all, own);
  }
  [[nodiscard]] domain::site now() const {
    auto made = configured_site(site, all);
    EXPECT_TRUE(made) << made.failure().message;
    return made ? made.value() : site;
  }
  [[nodiscard]] std::string refusal() const {
    const auto made = configured_site(site, all);
    return made ? "" : made.failure().message;
  }
  static std::string why_not(const domain::site& site, const domain::tree_wish& wish) {
    const auto moves = moves_of(site, wish);
    return moves ? "" : moves.failure().message;
  }
  /// "f1 on service, A on f1": everything in its order.
  static std::string shape(const domain::site& of) {
    std::string text;
    const auto add = [&](const std::string& id, domain::node_index on) {
      text += (text.empty() ? "" : ", ") + id + " on " + of.nodes[on.value()].id.text();
    };
    for (const auto& node : of.nodes)
      if (node.parent) add(node.id.text(), *node.parent);
    for (const auto& station : of.stations) add(station.id.text(), station.parent);
    return text;
  }
  static domain::station_id station(const char* id) { return domain::station_id{id}; }

  domain::site site;
  domain::site_configuration all;
};

TEST_F(tree_revision, a_new_feeder_hangs_on_the_nearest_node_that_all_its_stations_hang_on) {
  add(feeder("f3", {station("A"), station("C")}), 30'000);
  EXPECT_EQ(shape(now()), "f1 on service, f2 on service, f3 on service, A on f3, B on f1, C on f3");
  EXPECT_NE(now().topology_hash, site.topology_hash);
}

TEST_F(tree_revision, a_new_feeder_on_a_feeder_is_a_panel_and_keeps_the_limits_above) {
  add(feeder("p1", {station("B")}), 10'000);
  EXPECT_EQ(shape(now()), "f1 on service, f2 on service, p1 on f1, A on f1, B on p1, C on f2");
  EXPECT_EQ(now().nodes[3].kind, node_kind::panel);
}

TEST_F(tree_revision, a_stated_parent_comes_first) {
  auto wish = feeder("f3", {station("B")});
  wish.parent = domain::node_id{"service"};
  add(wish, 30'000);
  EXPECT_EQ(shape(now()), "f1 on service, f2 on service, f3 on service, A on f1, B on f3, C on f2");
  EXPECT_EQ(now().nodes[3].kind, node_kind::feeder);
  EXPECT_EQ(now().nodes[3].limits.at(0).current->at(0), milliamperes{30'000});
}

TEST_F(tree_revision, LIM_9_stations_move_to_a_feeder_and_the_last_move_stands) {
  add(feeder("f2", {station("A"), station("C")}));
  EXPECT_EQ(shape(now()), "f1 on service, f2 on service, A on f2, B on f1, C on f2");
  add(feeder("f1", {station("A"), station("B")}));
  EXPECT_EQ(shape(now()), shape(site));
  EXPECT_EQ(now().topology_hash, site.topology_hash) << "the file's tree again";
}

TEST_F(tree_revision, a_new_transformer_stands_before_the_feeders_that_it_takes) {
  add(transformer("t1", {domain::node_id{"f2"}}), 0, 30'000);
  EXPECT_EQ(shape(now()), "f1 on service, t1 on service, f2 on t1, A on f1, B on f1, C on f2");
  const auto& data = now().nodes[2].transformer;
  ASSERT_TRUE(data);
  EXPECT_EQ(data->rated.count(), 30'000);
  // 230 V x sqrt 3 = 398.3717 V
  EXPECT_EQ(data->secondary.count(), 398'372);
  EXPECT_FALSE(data->primary) << "it changes no voltage";
}

TEST_F(tree_revision, what_hangs_there_and_is_not_named_is_not_left_without_a_place) {
  EXPECT_EQ(why_not(site, feeder("f1", {station("A")})),
            "B: on f1 and not named; name what it hangs on instead, by that node's own "
            "configuration");
  EXPECT_EQ(why_not(site, feeder("f1", {station("A"), station("X")})),
            "connectedStations: no station 'X'");
  EXPECT_EQ(why_not(site, transformer("t1", {domain::node_id{"service"}})),
            "connectedFeeders: no feeder, panel or transformer 'service'");
  EXPECT_EQ(why_not(site, feeder("f3", {})),
            "'f3' is a new node of which nothing says where it hangs: state `parent`, or what is "
            "connected to it");
}

TEST_F(tree_revision, what_is_no_tree_is_refused) {
  all.nodes = {{domain::node_id{"f1"}}, {domain::node_id{"f2"}}};
  all.nodes[0].parent = domain::node_id{"f2"};
  all.nodes[1].parent = domain::node_id{"f1"};
  EXPECT_EQ(refusal(), "f1, f2: would hang on what hangs on it, or be more than 16 steps below the "
                       "service");
  all.nodes = {{domain::node_id{"service"}}};
  all.nodes[0].parent = domain::node_id{"f1"};
  EXPECT_EQ(refusal(), "service is the service: it hangs on nothing");
  all.nodes = {{domain::node_id{"f1"}}};
  all.nodes[0].kind = node_kind::transformer;
  EXPECT_EQ(refusal(), "f1 is a feeder, not a transformer");
}

TEST_F(tree_revision, a_new_node_states_what_limits_it) {
  domain::node_configuration made;
  made.node = domain::node_id{"f3"};
  made.kind = node_kind::feeder;
  made.parent = domain::node_id{"service"};
  all.nodes = {made};
  EXPECT_EQ(refusal(), "f3: a new feeder needs a limit: a current, a power, its breaker or its "
                       "cable");
  all.nodes[0].kind = node_kind::transformer;
  EXPECT_EQ(refusal(), "f3: a new transformer needs its rating");
}

TEST_F(tree_revision, LIM_4_a_move_that_the_fallbacks_do_not_fit_is_refused_with_the_numbers) {
  const auto moves = moves_of(site, feeder("f3", {station("A"), station("C")}));
  ASSERT_TRUE(moves);
  all = moves.value();
  all.nodes[0].breaker = milliamperes{10'000};
  // 2 x 6 A
  EXPECT_NE(refusal().find("LIM-4: f3 L1: fallbacks 12 A, breaker allows 10 A"), std::string::npos)
      << refusal();
}

TEST_F(tree_revision, an_entry_may_build_on_one_that_came_after_it) {
  add(transformer("t1", {domain::node_id{"f2"}}), 0, 30'000);
  add(feeder("f3", {station("A")}), 20'000);
  add(transformer("t1", {domain::node_id{"f2"}, domain::node_id{"f3"}}));
  std::ranges::reverse(all.nodes);
  // A fault elsewhere: what fits is found entry by entry.
  all.stations.push_back({domain::station_id{"gone"}});
  all.stations.back().parent = domain::node_id{"f1"};
  const auto kept = keep_what_fits(site, all);
  EXPECT_EQ(kept.left_out, std::vector<std::string>{"gone: no station 'gone'"});
  const auto made = configured_site(site, kept.kept);
  ASSERT_TRUE(made);
  EXPECT_EQ(shape(made.value()),
            "f1 on service, t1 on service, f2 on t1, f3 on t1, A on f3, B on f1, C on f2");
}

TEST_F(tree_revision, limits_alone_leave_the_topology_as_it_is) {
  domain::node_configuration limit;
  limit.node = domain::node_id{"f1"};
  limit.current_max = milliamperes{30'000};
  merge(all, limit);
  EXPECT_EQ(now().topology_hash, site.topology_hash);
}

} // namespace
} // namespace busbar::control::operators
