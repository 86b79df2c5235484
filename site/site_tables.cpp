#include "site/site_tables.hpp"

#include "site/bay_inputs.hpp"
#include "site/site_start.hpp"

#include <utility>

namespace busbar::site {

site_tables::site_tables(std::shared_ptr<const site_layout> layout, conversation_terms terms,
                         const bay_settings& settings)
    : layout_(std::move(layout)), terms_(std::move(terms)),
      notebooks_(layout_->site->stations.size()), notes_(layout_->site->connectors.size()) {
  for (bay_index i = 0; i < layout_->bays.size(); ++i) bays_.emplace_back(layout_, i, settings);
  for (auto& connector : notes_) connector.number = first_number(terms_.owner);
}

void site_tables::restore(const domain::site_state& state) {
  for (auto& table : bays_) table.restore(state);
  restore_sessions(state, notes_);
  for (const auto& kept : state.profiles)
    notebooks_[kept.station.value()].profiles = profiles_of(*layout_, kept, notes_);
}

const bay& site_tables::bay_of(domain::station_index station) const {
  return bays_[layout_->stations[station.value()].bay];
}

station_part site_tables::part_of(domain::station_index station) {
  const auto& data = layout_->site->stations[station.value()];
  const auto own = std::span{notes_}.subspan(data.first_connector.value(), data.connector_count);
  return {*layout_, terms_, station, notebooks_[station.value()], own};
}

void site_tables::take_outcome(const station_outcome& outcome) {
  site::take_outcome(bays_[layout_->stations[outcome.station.value()].bay], outcome);
}

} // namespace busbar::site
