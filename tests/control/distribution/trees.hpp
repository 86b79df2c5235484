#pragma once
// Sites for the tests of the split: a builder by hand and a seeded generator.

#include "control/distribution/split.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace busbar::control::distribution::tests {

/// A site with what the split needs, one station per connector.
class tree {
public:
  explicit tree(domain::millivolts nominal = domain::millivolts{230'000});

  std::uint32_t add_node(std::optional<std::uint32_t> parent,
                         std::optional<domain::transformer_data> transformer = std::nullopt);
  /// `lines` 1 to 3 of 0, 1, 2.
  std::uint32_t add_connector(std::uint32_t node, const std::vector<int>& lines,
                              domain::connection wiring = domain::connection::wye);
  std::uint32_t wye(std::uint32_t node, int line) { return add_connector(node, {line}); }
  std::uint32_t three_phase(std::uint32_t node) { return add_connector(node, {0, 1, 2}); }
  std::uint32_t delta(std::uint32_t node, int from, int to) {
    return add_connector(node, {from, to}, domain::connection::delta);
  }

  domain::site site;
};

domain::transformer_data transformer(domain::winding connection, std::int64_t primary_mv,
                                     std::int64_t secondary_mv);

/// The same limit on every line.
node_bounds line_limit(std::int64_t milliamperes);
node_bounds line_limits(std::int64_t l1, std::int64_t l2, std::int64_t l3);
demand wants(std::int64_t cap_ma, std::int64_t floor_ma = 0, std::uint32_t weight = 1,
             std::int64_t step_ma = 1);

struct random_case {
  tree built;
  std::vector<demand> demands;
  std::vector<node_bounds> bounds;
};

struct random_options {
  int connectors_max = 500;
  int levels_max = 6;
  /// In percent of nodes: fixed loads and floors exceed the limit.
  int overloaded_percent = 3;
  bool has_steps = true;
  /// Only wye connectors and no transformers: every milliampere counts the same on its lines.
  bool is_plain = false;
};

/// 1 to 6 levels, every connection, both windings, tight, loose, zero and absent limits.
random_case make_random_case(std::mt19937_64& random, const random_options& options);

/// SEED from the environment, or a fixed one; printed so that a failure can be repeated.
std::uint64_t announced_seed();

} // namespace busbar::control::distribution::tests
