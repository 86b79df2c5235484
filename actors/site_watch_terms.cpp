#include "actors/site_watch_terms.hpp"

#include <cstddef>
#include <utility>

namespace busbar::actors {

site_watch_terms::site_watch_terms(std::shared_ptr<const site::site_layout> layout,
                                   const silence_limits& limits)
    : layout_(std::move(layout)), limits_(limits) {
  const auto& site = *layout_->site;
  const auto& stated = site.supervision;
  usual_station_ = watch_of(stated.of("station"), limits_.of_stations);
  for (std::size_t i = 0; !stated.by_actor.empty() && i < site.stations.size(); ++i) {
    const auto name = "station:" + site.stations[i].id.text();
    if (!stated.by_actor.contains(name)) continue;
    own_stations_.emplace(domain::station_index{i},
                          watch_of(stated.of(name), limits_.of_stations));
  }
}

const watch_terms& site_watch_terms::of(domain::station_index station) const {
  const auto own = own_stations_.find(station);
  return own == own_stations_.end() ? usual_station_ : own->second;
}

watch_terms site_watch_terms::of(site::branch_index branch) const {
  const auto name = site::branch_name(*layout_, branch);
  return watch_of(layout_->site->supervision.of(name), limits_.of_branches);
}

watch_terms site_watch_terms::of_site() const {
  const auto name = "site:" + layout_->site->id.text();
  return watch_of(layout_->site->supervision.of(name), site_silence_max_);
}

} // namespace busbar::actors
