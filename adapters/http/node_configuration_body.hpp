#pragma once
// The load manager's own bodies about the service, a feeder or a transformer, in A, kW, kVA, V, Hz
// and ratios: a revision of the site's configuration, not a limit for a time.

#include "adapters/http/body_reader.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

#include <optional>
#include <string>

namespace busbar::adapters::http {

/// The body states something of its node that only a configuration can.
[[nodiscard]] bool is_configuration(body_reader& body);

struct configured_node {
  domain::node_id id;
  /// Absent: the site does not have it yet.
  std::optional<domain::node_index> place;
};

/// The node that a body of that kind is about: the one that `id` (or `node`) names, the only one
/// of the kind, the one that `name` names, or the one that carries exactly `connectedStations`; a
/// new one where `id` is no node's and `parent`, `connectedStations` or `connectedFeeders` says
/// where it hangs. Absent with a fault in `body` that names what is allowed.
[[nodiscard]] std::optional<configured_node>
read_configured_node(body_reader& body, const domain::site& site, const std::string& kind);

/// Reads every field of the kind; faults are in `body`.
[[nodiscard]] domain::node_configuration read_configuration(body_reader& body,
                                                            const std::string& kind);

/// What the body says of the node's place in the tree, and of what hangs on it.
[[nodiscard]] domain::tree_wish
read_tree(body_reader& body, const configured_node& node, const std::string& kind);

/// errc::conflict where the body states another voltage than the site is wired for.
[[nodiscard]] domain::result<void> check_supply(body_reader& body, const domain::site& site,
                                                const std::string& kind);

/// Where no site is there to hold the rest of the body to.
void leave_tree_unread(body_reader& body);

} // namespace busbar::adapters::http
