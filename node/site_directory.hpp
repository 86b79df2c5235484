#pragma once
// Where the sites that a node knows are: here, on their way here, or with another node of its
// group. Written by the ingest thread, read by the API. Thread-safe.

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "node/ownership.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::node {

class site_directory {
public:
  explicit site_directory(const std::vector<domain::site_id>& known) {
    for (const auto& site : known) standings_.emplace(site, site_standing::elsewhere);
  }

  void follow(const ownership& now) {
    const std::lock_guard lock{guard_};
    for (auto& [site, standing] : standings_) standing = now.standing_of(site);
  }
  /// Absent for a site that the node does not know.
  [[nodiscard]] std::optional<site_standing> find(const domain::site_id& site) const {
    const std::lock_guard lock{guard_};
    const auto found = standings_.find(site);
    return found == standings_.end() ? std::nullopt : std::optional{found->second};
  }
  /// Why nothing is known here of a site that has no routes. errc::conflict: another node of the
  /// group holds it; errc::unavailable: it is about to be held here; errc::unknown_reference.
  [[nodiscard]] domain::error missing(const domain::site_id& site) const;
  [[nodiscard]] std::size_t count(site_standing wanted) const {
    const std::lock_guard lock{guard_};
    std::size_t found = 0;
    for (const auto& [site, standing] : standings_) found += standing == wanted ? 1 : 0;
    return found;
  }

private:
  mutable std::mutex guard_;
  std::map<domain::site_id, site_standing> standings_;
};

} // namespace busbar::node
