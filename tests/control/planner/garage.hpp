#pragma once
// A site with its image, with defaults, so that a test states only what matters.

#include "control/image.hpp"
#include "control/planner.hpp"
#include "tests/control/distribution/trees.hpp"

#include <initializer_list>
#include <memory>
#include <string>

namespace busbar::control::tests {

using domain::milliamperes;

inline domain::instant at(std::int64_t seconds) {
  return domain::instant{domain::seconds{1'777'000'000 + seconds}};
}

class garage {
public:
  /// One service (node 0) with that rating on every line.
  explicit garage(std::int64_t rating_ma) {
    tree_.add_node(std::nullopt);
    limit(0, domain::limit_source::rating, rating_ma);
  }

  std::uint32_t feeder(std::int64_t breaker_ma, std::uint32_t parent = 0) {
    const auto node = tree_.add_node(parent);
    limit(node, domain::limit_source::breaker, breaker_ma);
    return node;
  }

  void limit(std::uint32_t node, domain::limit_source source, std::int64_t ma) {
    const milliamperes each{ma};
    tree_.site.nodes[node].limits.push_back(
        {source, domain::per_line<milliamperes>{each, each, each}, std::nullopt});
  }

  /// A connector of 6 to 32 A in steps of 1 A that wants energy.
  std::uint32_t connector(std::uint32_t node, const std::vector<int>& lines = {0, 1, 2}) {
    const auto added = tree_.add_connector(node, lines);
    tree_.site.connectors[added].step = milliamperes{1000};
    tree_.site.connectors[added].id = domain::connector_id{"c" + std::to_string(added)};
    rows_.emplace_back().wants = true;
    return added;
  }

  domain::connector& facts(std::uint32_t connector) { return tree_.site.connectors[connector]; }
  domain::station& station(std::uint32_t connector) { return tree_.site.stations[connector]; }
  domain::site& site() { return tree_.site; }
  connector_image& row(std::uint32_t connector) { return rows_[connector]; }

  /// The image at `seconds`; after the first call the topology does not change any more.
  image& now(std::int64_t seconds) {
    if (!image_.topology) {
      name_nodes();
      image_.topology = std::make_shared<const domain::site>(tree_.site);
      image_.nodes.resize(tree_.site.nodes.size());
    }
    image_.now = at(seconds);
    image_.connectors = rows_;
    return image_;
  }

  planner& control() {
    if (!planner_) planner_ = std::make_unique<planner>(now(0).topology);
    return *planner_;
  }

  /// Plans, and takes every grant as told; the stations acknowledge and draw it all at once.
  const plan& obeyed_plan(std::int64_t seconds) {
    const auto& made = control().decide(now(seconds));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!rows_[i].is_reachable) continue;
      rows_[i].told = rows_[i].acknowledged = rows_[i].drawn = made.grants[i].granted;
    }
    return made;
  }
  const plan& plan_at(std::int64_t seconds) { return control().decide(now(seconds)); }
  node_image& node(std::uint32_t index) {
    now(0);
    return image_.nodes[index];
  }

private:
  void name_nodes() {
    for (std::size_t i = 0; i < tree_.site.nodes.size(); ++i)
      tree_.site.nodes[i].id = domain::node_id{"n" + std::to_string(i)};
  }

  distribution::tests::tree tree_;
  std::vector<connector_image> rows_;
  image image_;
  std::unique_ptr<planner> planner_;
};

} // namespace busbar::control::tests
