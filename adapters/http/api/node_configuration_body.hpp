#pragma once
// The load manager's own bodies about the service, a feeder or a transformer, in A, kW, kVA, V, Hz
// and ratios: a revision of the site's configuration, not a limit for a time.

#include "adapters/http/json/body_reader.hpp"
#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

/// The body states something of its node that only a configuration can, or means to: a field that
/// is not known counts as the one that it is nearest to.
[[nodiscard]] bool is_configuration(json::body_reader& body);

/// Refuses `field`, which names none of `ids` or is not there, where a node is to be named.
void refuse_node(json::body_reader& body, const std::optional<std::string>& named,
                 const std::string& field, const std::vector<std::string>& ids);

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
read_configured_node(json::body_reader& body, const domain::site& site, const std::string& kind);

/// Reads every field of the kind; faults are in `body`.
[[nodiscard]] domain::node_configuration read_configuration(json::body_reader& body,
                                                            const std::string& kind);

/// What the body says of the node's place in the tree, and of what hangs on it.
[[nodiscard]] domain::tree_wish
read_tree(json::body_reader& body, const configured_node& node, const std::string& kind);

/// The place that is meant (text/suggestion.hpp) by the first name in `wish` that the site does not
/// have; empty where it has all, or none is near.
[[nodiscard]] std::string meant_place(const domain::tree_wish& wish, const domain::site& site);

/// errc::conflict where the body states another voltage than the site is wired for.
[[nodiscard]] domain::result<void> check_supply(json::body_reader& body, const domain::site& site,
                                                const std::string& kind);

/// Where no site is there to hold the rest of the body to.
void leave_tree_unread(json::body_reader& body);

} // namespace busbar::adapters::http::api
