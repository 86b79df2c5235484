// Which sites an engine node acquires, releases and forgets as its partitions come and go.

#include "node/ownership.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <utility>

namespace busbar::node {

namespace {

const domain::site_id garage{"garage"};
const domain::site_id depot{"depot"};

ownership two_sites() { return ownership{{{garage, 0}, {depot, 1}}}; }

ownership holding_both() {
  auto own = two_sites();
  own.assigned({0, 1});
  own.acquired(garage);
  own.acquired(depot);
  return own;
}

using sites = ownership::sites;

} // namespace

TEST(ownership, OWN_1_a_site_is_wanted_once_its_partition_is_assigned_and_held_once_acquired) {
  auto own = two_sites();
  EXPECT_EQ(own.all(site_standing::elsewhere), (sites{depot, garage}));
  own.assigned({1, 7});
  EXPECT_EQ(own.all(site_standing::wanted), sites{depot});
  EXPECT_EQ(own.standing_of(garage), site_standing::elsewhere);
  own.acquired(depot);
  EXPECT_EQ(own.standing_of(depot), site_standing::held);
}

TEST(ownership, OWN_1_what_is_revoked_in_order_is_released_and_what_was_only_wanted_is_not) {
  auto own = two_sites();
  own.assigned({0, 1});
  own.acquired(garage);
  EXPECT_EQ(own.revoked({0, 1}), sites{garage});
  EXPECT_EQ(own.all(site_standing::elsewhere), (sites{depot, garage}));
  EXPECT_TRUE(own.revoked({0, 1}).empty());
}

TEST(ownership, OWN_1_a_lost_site_that_nobody_else_held_meanwhile_goes_on) {
  auto own = holding_both();
  own.lost({0, 1});
  EXPECT_EQ(own.all(site_standing::in_doubt), (sites{depot, garage}));
  own.assigned({0, 1});
  own.settled();
  EXPECT_EQ(own.all(site_standing::regained), (sites{depot, garage}));
  own.confirmed(garage);
  EXPECT_EQ(own.standing_of(garage), site_standing::held);
}

TEST(ownership, OWN_1_a_lost_site_that_another_node_held_is_forgotten_and_acquired_anew) {
  auto own = holding_both();
  own.lost({0});
  own.assigned({0});
  own.overtaken(garage);
  EXPECT_EQ(own.all(site_standing::is_void), sites{garage});
  own.forgotten(garage);
  EXPECT_EQ(own.standing_of(garage), site_standing::wanted);
}

TEST(ownership, OWN_1_a_lost_site_that_the_group_gives_to_another_node_is_forgotten) {
  auto own = holding_both();
  own.lost({0, 1});
  own.assigned({1});
  own.settled();
  EXPECT_EQ(own.all(site_standing::is_void), sites{garage});
  own.forgotten(garage);
  EXPECT_EQ(own.standing_of(garage), site_standing::elsewhere);
  EXPECT_EQ(own.standing_of(depot), site_standing::regained);
}

TEST(ownership, a_site_that_the_node_does_not_know_is_elsewhere_whatever_is_told_of_it) {
  auto own = two_sites();
  const domain::site_id stranger{"stranger"};
  own.acquired(stranger);
  own.forgotten(stranger);
  EXPECT_EQ(own.standing_of(stranger), site_standing::elsewhere);
}

namespace {

constexpr std::int32_t partitions = 6;
constexpr std::size_t nodes = 3;

/// A group of nodes that hands partitions from one to another, in order or not, as a broker may.
class random_group {
public:
  explicit random_group(std::uint32_t seed) : chance_(seed) {
    std::map<domain::site_id, std::int32_t> partition_of;
    for (int site = 0; site < 9; ++site)
      partition_of.emplace(domain::site_id{"site-" + std::to_string(site)},
                           static_cast<std::int32_t>(chance_() % partitions));
    for (const auto& [site, partition] : partition_of) known_.push_back(site);
    for (auto& each : own_) each = std::make_unique<ownership>(partition_of);
    reader_.fill(nobody);
  }

  void step() {
    const auto partition = static_cast<std::int32_t>(chance_() % partitions);
    auto& reader = reader_[static_cast<std::size_t>(partition)];
    if (reader != nobody) take_from(std::exchange(reader, nobody), partition);
    else give(reader = chance_() % nodes, partition);
    for (std::size_t node = 0; node < nodes; ++node)
      if (chance_() % 2 == 0) act(node);
    check();
  }

  void come_to_rest() {
    for (std::int32_t partition = 0; partition < partitions; ++partition)
      if (auto& reader = reader_[static_cast<std::size_t>(partition)]; reader == nobody)
        give(reader = chance_() % nodes, partition);
    // Once to learn of its doubts, once to forget, once to acquire.
    for (int round = 0; round < 3; ++round)
      for (std::size_t node = 0; node < nodes; ++node) act(node);
    check();
    for (const auto& site : known_)
      EXPECT_EQ(std::ranges::count_if(own_, [&](const auto& each) {
                  return each->standing_of(site) == site_standing::held;
                }), 1) << site.text();
  }

private:
  static constexpr std::size_t nobody = nodes;

  void take_from(std::size_t node, std::int32_t partition) {
    auto& own = *own_[node];
    if (chance_() % 3 == 0) return own.lost({partition});
    for (const auto& site : own.revoked({partition})) {
      EXPECT_TRUE(runs_[node].erase(site) == 1) << "released what does not run";
    }
  }

  void give(std::size_t node, std::int32_t partition) { own_[node]->assigned({partition}); }

  /// What the keeper of a node does after a poll.
  void act(std::size_t node) {
    auto& own = *own_[node];
    own.settled();
    for (const auto& site : own.all(site_standing::regained)) {
      if (newest_[site] == node) own.confirmed(site);
      else own.overtaken(site);
    }
    for (const auto& site : own.all(site_standing::is_void)) {
      EXPECT_TRUE(runs_[node].erase(site) == 1) << "forgets what does not run";
      own.forgotten(site);
    }
    for (const auto& site : own.all(site_standing::wanted)) {
      EXPECT_TRUE(runs_[node].insert(site).second) << "acquires what runs already";
      newest_[site] = node;
      own.acquired(site);
    }
  }

  /// What a node holds runs there; no site is held by two nodes of which both have their place.
  void check() {
    for (const auto& site : known_) {
      std::size_t holders = 0;
      for (std::size_t node = 0; node < nodes; ++node) {
        const auto standing = own_[node]->standing_of(site);
        const bool runs = standing != site_standing::elsewhere && standing != site_standing::wanted;
        EXPECT_EQ(runs_[node].contains(site), runs) << site.text() << " at node " << node;
        holders += standing == site_standing::held ? 1 : 0;
      }
      EXPECT_LE(holders, 1u) << site.text();
    }
  }

  std::mt19937 chance_;
  std::vector<domain::site_id> known_;
  std::array<std::unique_ptr<ownership>, nodes> own_;
  std::array<std::set<domain::site_id>, nodes> runs_;
  std::array<std::size_t, static_cast<std::size_t>(partitions)> reader_{};
  /// Whose epoch the newest checkpoint names.
  std::map<domain::site_id, std::size_t> newest_;
};

} // namespace

TEST(ownership, OWN_1_however_a_group_shares_partitions_out_no_site_is_held_twice_or_never) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    random_group group{seed};
    for (int step = 0; step < 200; ++step) group.step();
    group.come_to_rest();
    if (HasFailure()) return;
  }
}

} // namespace busbar::node
