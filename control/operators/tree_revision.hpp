#pragma once
// New nodes and moves in a site's tree that are configured while it runs: what the load manager
// says of what hangs where becomes moves, and moves become the tree of a revision.

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

namespace busbar::control::operators {

/// The entries that make it so, one for each node and station that is new or moves; none where all
/// is so. Errors: unknown_reference (no such station or node), conflict (what hangs there and is
/// not named would be left without a place; a new node of which nothing says where it hangs).
[[nodiscard]] domain::result<domain::site_configuration> moves_of(const domain::site& site,
                                                                  const domain::tree_wish& wish);

/// Puts new nodes into the tree, moves what moves, and orders the nodes: parents before children.
/// What is moved nowhere stays in the order of the file. Errors: unknown_reference, conflict (a
/// circle, the service moved, a node of another kind than it has), out_of_range (depth, number of
/// nodes, a new feeder without any limit or transformer without a rating).
[[nodiscard]] domain::result<void> revise_tree(domain::site& site,
                                               const domain::site_configuration& configured);

} // namespace busbar::control::operators
