#include "tests/control/cluster/shard_search.hpp"

#include <unordered_set>
#include <utility>

namespace busbar::control::cluster::testing {

namespace {

/// Every so-manieth world is let settle, which takes longer than all else.
constexpr std::size_t settle_each = 256;

class searcher {
public:
  explicit searcher(const mutation& wrong) : wrong_(wrong) {}

  search_result run(const shard_world& start, int depth) {
    std::vector<shard_world> front{start};
    for (; result_.depth < depth && !front.empty(); ++result_.depth) {
      for (const auto& world : front)
        if (result_.breach.empty()) expand(world, wrong_, [this](auto&& next) { take(next); });
      front = std::exchange(next_, {});
    }
    result_.worlds = seen_.size();
    return result_;
  }

private:
  void take(const shard_world& world) {
    if (!result_.breach.empty() || !seen_.insert(key_of(world)).second) return;
    const char* found = breach_of(world, wrong_);
    const bool shall_settle = found == nullptr && seen_.size() % settle_each == 0;
    if (shall_settle && !settles(world, wrong_)) found = "no commander is left";
    if (found != nullptr) result_.breach = found, result_.where = text_of(world);
    next_.push_back(world);
  }

  const mutation& wrong_;
  search_result result_;
  std::unordered_set<std::uint64_t> seen_;
  std::vector<shard_world> next_;
};

} // namespace

search_result search(const search_bounds& bounds, const mutation& wrong) {
  shard_world start;
  start.pauses_left = bounds.pauses;
  start.cuts_left = bounds.cuts;
  start.leaves_left = bounds.leaves;
  return searcher{wrong}.run(start, bounds.depth);
}

} // namespace busbar::control::cluster::testing
