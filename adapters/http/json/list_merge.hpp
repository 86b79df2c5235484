#pragma once
// One page of a list of all engine nodes, from the pages of each. Every node's list is in the order
// of its sites' ids, and a site is one node's: so the whole list has one order, whoever holds what,
// and its first n items are among the first n of each node. Pure.

#include "domain/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace busbar::adapters::http::json {

/// How the items of a list stand, and which of two are the same.
enum class list_order : std::uint8_t {
  /// By `site`; those without one, of the nodes themselves, first. A site is shown by one node.
  by_site,
  /// Items whose `state` is "open" as `by_site`, then those of the first part alone: every node
  /// knows all that has ended.
  open_by_site,
  /// By `driver`, each once: where several nodes know one, the one with the latest `since`.
  by_driver,
};

/// One node's answer: its list from the first item on.
struct list_part {
  std::string node;
  /// {"items": [...], "total": n, "next": ...}, and what else such lists have.
  std::string text;
};

struct list_page {
  std::uint64_t offset = 0;
  std::uint64_t limit = 0;
};

struct list_merge {
  list_order order = list_order::by_site;
  list_page page;
  /// The node that owns a site; empty: none that is known. Asked where two parts have items of it,
  /// which is so for a moment while it is handed over.
  std::function<std::string(const std::string&)> owner_of;
};

/// The page, as one node would have answered it. `incomplete`: nodes and shards whose items are
/// missing; none: the member is not there. Arrays beside the items are joined; of all other members
/// the first part's count. errc::malformed where a part is no such list. REQUIRES: `parts` is not
/// empty, and each has its first `offset + limit` items.
[[nodiscard]] domain::result<std::string> merge_lists(const list_merge& how,
                                                      const std::vector<list_part>& parts,
                                                      const std::vector<std::string>& incomplete);

} // namespace busbar::adapters::http::json
