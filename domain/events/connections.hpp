#pragma once
// What happens between the engine node and the outside: the log, protocols, other engines.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"

#include <cstdint>
#include <string>

namespace busbar::domain::events {

/// `protocol` names the connection, "log".
[[nodiscard]] event connected(const moment& now, std::string protocol);
[[nodiscard]] event connection_opened(const moment& now, std::string protocol,
                                      const std::string& why);
[[nodiscard]] event connection_closed(const moment& now, std::string protocol);
[[nodiscard]] event connection_overdue(const moment& now, std::string protocol);

/// Records since the engine began.
struct traffic_counts {
  std::uint64_t batches = 0;
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;
  std::uint64_t written = 0;
};
[[nodiscard]] event traffic(const moment& now, std::string protocol, const traffic_counts& counts);

/// The breaker of a site, around the log.
[[nodiscard]] event log_opened(const moment& now, const std::string& why);
[[nodiscard]] event log_closed(const moment& now);
/// The breaker of the engine node, around its sites.
[[nodiscard]] event sites_opened(const moment& now, std::string engine);
[[nodiscard]] event sites_closed(const moment& now, std::string engine);

/// The engine node hands its sites to others and takes none, or takes its share again.
[[nodiscard]] event node_drained(const moment& now, std::string engine, const cause& by);
[[nodiscard]] event node_put_back(const moment& now, std::string engine, const cause& by);

/// Another engine commands the site.
struct epoch_contest_words {
  epoch obeyed = 0;
  epoch own = 0;
  epoch next = 0;
};
[[nodiscard]] event epoch_taken(const moment& now, const epoch_contest_words& epochs);

} // namespace busbar::domain::events
