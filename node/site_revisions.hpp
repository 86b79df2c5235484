#pragma once
// Revisions of running sites: a file that is read again, and what is configured on top of it. Each
// is a new context in the place of the one before. Thread-safe.

#include "domain/site_configuration.hpp"
#include "node/site_host.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace busbar::node {

class site_revisions {
public:
  site_revisions(node_frame& frame, site_host& host) : frame_(frame), host_(host) {}

  /// Of a site that another node holds the file alone is read again.
  /// What is not refused is heard by `then` once the log has it (KEEP-1); it may be empty.
  [[nodiscard]] domain::result<void> reload(const domain::site_id& site,
                                            ports::kept_listener then = {});
  [[nodiscard]] domain::result<void> configure(const domain::site_id& site,
                                               const domain::site_configuration& change,
                                               const domain::cause& by,
                                               ports::kept_listener then = {});
  /// Fallbacks that stations were told before and have given up. Twice a second.
  void forget_fallbacks(const domain::site_id& site);
  /// On top of changes that are still under way.
  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const;
  /// True too where that cannot be found out now.
  [[nodiscard]] bool is_changing(const domain::site_id& site);
  /// The site goes on under `owner` as it is. REQUIRES: `frame.changing` is held.
  void put_under(const shared_context& now, domain::epoch owner);

private:
  [[nodiscard]] domain::result<shared_context> changeable(const domain::site_id& site);
  [[nodiscard]] domain::result<shared_site> read_file(const domain::site_id& site);
  void put_in_place(const shared_context& of, shared_site next, domain::epoch owner,
                    ports::kept_listener then = {});

  node_frame& frame_;
  site_host& host_;
  /// Changes that are under way, the oldest first; of the one that holds `frame.changing`.
  std::vector<std::weak_ptr<actors::site_context>> waiting_;
};

/// The file with what has been configured on top; what does not fit it is left out and told.
[[nodiscard]] shared_site with_configuration(const node_frame& frame, shared_site file,
                                             const domain::site_configuration& configured);

} // namespace busbar::node
