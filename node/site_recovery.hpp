#pragma once
// KEEP-2: what the log holds of a site after its newest snapshot. Session facts and commands bring
// the snapshot up to date; answers and requests go to the site as if they came now, but for
// requests that have their answer (KEEP-1: found by the request's id).

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "node/node_frame.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace busbar::node {

/// Of each partition so many requests before the snapshot's position are read for their ids: one
/// that the log delivers again, at another offset, is answered no second time.
inline constexpr std::int64_t requests_known_max = 1'024;

/// A site to be recovered, as its file says, with its newest snapshot; null: it has none.
struct site_to_recover {
  std::shared_ptr<const domain::site> file;
  const domain::site_state* snapshot = nullptr;
};

struct recovered_site {
  /// Names the positions of its snapshot: what waits is not in it yet.
  domain::site_state state;
  /// Everything before is in `state` or in `waiting`.
  domain::log_positions ends;
  /// Answers and requests that the site has still to take, in order of their topic.
  std::vector<ports::record> waiting;
  /// Requests that have an answer, or that the state includes: of the newest `requests_known_max`.
  std::vector<domain::request_id> answered;
};

/// Where a recovered site's answers and requests end; before that they were read.
[[nodiscard]] std::map<ports::partition_id, std::int64_t>
read_ends(const node_frame& frame, const recovered_site& site);

/// All of `sites`, or why the log could not be read.
[[nodiscard]] domain::result<std::map<domain::site_id, recovered_site>>
recover(const node_frame& frame, const std::vector<site_to_recover>& sites,
        domain::microseconds patience);

} // namespace busbar::node
