#pragma once
// What a reader of the stream asks for.

#include "domain/event.hpp"
#include "domain/ids.hpp"
#include "domain/principal.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::server {

/// What a guard lets a reader see, and for how long.
struct stream_terms {
  /// Entries of these sites alone, and none of the node itself; absent: all.
  domain::site_binding sites;
  /// Asked twice a second: false ends the stream. Empty: always.
  std::function<bool()> may_go_on;
};

struct subscription {
  /// At most 16, with those that are relayed.
  std::vector<domain::site_id> sites;
  /// Sites of other engine nodes.
  std::vector<domain::site_id> relayed;
  /// The reader's, shown to these nodes; empty: none.
  std::string credential;
  bool wants_journal = true;
  /// Entries of this speaker only.
  std::optional<domain::speaker> speaker;
  /// Entries after this number; absent: from now on.
  std::optional<std::uint64_t> after;
  stream_terms terms;
};

} // namespace busbar::adapters::http::server
