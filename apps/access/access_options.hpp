#pragma once
// Whether the API is open to every client that reaches it, or to users (docs/access.md).

#include "adapters/access/access_desk.hpp"
#include "adapters/access/audit_log.hpp"
#include "apps/web/web_options.hpp"
#include "domain/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace busbar::apps {

struct access_options {
  /// The folder of users and keys; empty: access is not controlled.
  std::string folder;
  /// Addresses.
  std::vector<std::string> trusted_proxies;
};

/// --access (BUSBAR_ACCESS) and --trusted-proxy.
void add_access_options(CLI::App& command, access_options& options);

/// Both null where access is not controlled.
struct shared_access {
  std::shared_ptr<adapters::access::access_desk> desk;
  std::shared_ptr<adapters::access::audit_log> audit;
};

/// errc::forbidden where the API would listen beyond the
/// machine and there are no users yet.
[[nodiscard]] domain::result<shared_access> open_access(const access_options& options,
                                                        const web_options& web);

/// Where the first administrator is made; empty where there are users. `page`: the API's address.
[[nodiscard]] std::string set_up_text(const shared_access& access, const std::string& page);

} // namespace busbar::apps
