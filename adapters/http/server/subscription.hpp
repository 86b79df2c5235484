#pragma once
// What a reader of the stream asks for.

#include "domain/event.hpp"
#include "domain/ids.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::adapters::http::server {

struct subscription {
  /// At most 16.
  std::vector<domain::site_id> sites;
  bool wants_journal = true;
  /// Entries of this speaker only.
  std::optional<domain::speaker> speaker;
  /// Entries after this number; absent: from now on.
  std::optional<std::uint64_t> after;
};

} // namespace busbar::adapters::http::server
