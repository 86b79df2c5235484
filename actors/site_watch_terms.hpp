#pragma once
// When the actors of one site stall, and what is done then: as the site's file states it, of all
// actors, of a kind or of one (docs/site-files.md).

#include "actors/node_terms.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "site/site_layout.hpp"

#include <map>
#include <memory>

namespace busbar::actors {

/// Where the file states nothing.
struct silence_limits {
  domain::microseconds of_branches{};
  domain::microseconds of_stations{};
};

class site_watch_terms {
public:
  site_watch_terms(std::shared_ptr<const site::site_layout> layout, const silence_limits& limits);

  [[nodiscard]] const watch_terms& of(domain::station_index station) const;
  [[nodiscard]] watch_terms of(site::branch_index branch) const;
  /// Of the site's own actor, which its engine node watches.
  [[nodiscard]] watch_terms of_site() const;
  void allow_site(domain::microseconds silence) { site_silence_max_ = silence; }

private:
  std::shared_ptr<const site::site_layout> layout_;
  silence_limits limits_;
  domain::microseconds site_silence_max_ = std::chrono::seconds{5};
  watch_terms usual_station_;
  /// Of stations that the site's file gives their own.
  std::map<domain::station_index, watch_terms> own_stations_;
};

} // namespace busbar::actors
