#pragma once
// What was decided: topic busbar.decisions.v1.

#include "domain/reason.hpp"
#include "domain/site.hpp"

#include <cstdint>
#include <vector>

namespace busbar::domain {

struct decided_grant {
  connector_index connector;
  milliamperes target{};
  milliamperes granted{};
  milliamperes reserved{};
  reason because;
  /// The current flows out of the vehicle.
  bool is_export = false;
  bool operator==(const decided_grant&) const = default;
};

struct decided_limit {
  node_index node;
  /// What is left for managed connectors on each line. Where power alone bounds the node: what its
  /// power would be on one line. `source` unspecified: nothing bounds the node, `limit` is 0.
  per_line<milliamperes> limit{};
  limit_source source = limit_source::unspecified;
  per_line<milliamperes> reserved{};
  bool operator==(const decided_limit&) const = default;
};

/// One record per plan whose outcome differs from the one before (and at least one a minute).
struct decision {
  site_id site;
  std::uint64_t topology_hash = 0;
  epoch owner = 0;
  std::uint64_t plan_number = 0;
  instant at{};
  /// FNV-1a over the image's canonical bytes: the same inputs give the same number.
  std::uint64_t image_hash = 0;
  std::vector<decided_limit> limits;
  std::vector<decided_grant> grants;
  bool operator==(const decision&) const = default;
};

} // namespace busbar::domain
