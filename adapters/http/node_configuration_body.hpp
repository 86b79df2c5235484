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
[[nodiscard]] bool is_configuration(const body_reader& body);

/// The node that a body of that kind is about: the one that `id` (or `node`) names, the only one of
/// the kind, the one that `name` names, or the one that carries exactly `connectedStations`. Absent
/// with a fault in `body` that names what is allowed.
[[nodiscard]] std::optional<domain::node_index>
read_configured_node(body_reader& body, const domain::site& site, const std::string& kind);

/// Reads every field of the kind; faults are in `body`.
[[nodiscard]] domain::node_configuration read_configuration(body_reader& body,
                                                            const std::string& kind);

/// errc::conflict where the body states another voltage, other stations or other feeders than the
/// site's tree has: those are changed in its file.
[[nodiscard]] domain::result<void> check_tree(body_reader& body, const domain::site& site,
                                              domain::node_index node);

/// Where no site is there to hold the rest of the body to.
void leave_tree_unread(body_reader& body);

} // namespace busbar::adapters::http
