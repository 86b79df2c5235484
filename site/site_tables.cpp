#include "site/site_tables.hpp"

#include "site/part_memory.hpp"
#include "site/site_start.hpp"
#include "site/station_talk.hpp"
#include "site/succession.hpp"
#include "site/table_inputs.hpp"

#include <utility>

namespace busbar::site {

site_tables::site_tables(std::shared_ptr<const site_layout> layout, conversation_terms terms,
                         const table_settings& settings)
    : layout_(std::move(layout)), terms_(std::move(terms)),
      notebooks_(layout_->site->stations.size()), notes_(layout_->site->connectors.size()) {
  for (bay_index i = 0; i < layout_->bays.size(); ++i) tables_.emplace_back(layout_, i, settings);
  for (auto& connector : notes_) connector.number = first_number(terms_.owner);
}

void site_tables::restore(const domain::site_state& before) {
  auto state = before;
  state.owner = terms_.owner;
  const auto sections = sections_of(state, *layout_->site, tables_.size());
  for (bay_index i = 0; i < tables_.size(); ++i)
    tables_[i].restore(state, sections ? sections->bays[i] : std::vector<std::uint8_t>{});
  restore_sessions(state, notes_);
  for (const auto& each : state.reservations)
    notebooks_[each.station.value()].reserved = reservation_of(each);
  for (std::size_t i = 0; i < notebooks_.size(); ++i) {
    const domain::station_index station{i};
    const auto& row = layout_->stations[i];
    read_talk(tables_[row.bay].rows().talks[row.row], notebooks_[i], notes_of(station));
  }
  for (const auto& kept : state.profiles)
    notebooks_[kept.station.value()].profiles = profiles_of(*layout_, kept, notes_);
}

struct site_tables::parts {
  site_tables& of;
  const site_layout& layout() { return *of.layout_; }
  connector_table* table(bay_index bay) { return &of.tables_[bay]; }
  notebook* book(domain::station_index station) { return &of.notebooks_[station.value()]; }
  void take_profiles(domain::station_index station, notebook& before) {
    site::take_profiles(layout(), station, *book(station), before);
  }
};

void site_tables::take_over(site_tables& before, const control::carry_over::place_match& places) {
  take_rows(parts{*this}, parts{before}, places);
}

std::vector<domain::command> site_tables::tell_fallback(const station_order& order) {
  const auto station = layout_->site->connectors[order.connector.value()].station;
  conversation talk{terms_, station, notebooks_[station.value()], notes_of(station)};
  return site::tell_fallback(table_of(station), std::move(talk), order);
}

std::span<connector_notes> site_tables::notes_of(domain::station_index station) {
  const auto& data = layout_->site->stations[station.value()];
  return std::span{notes_}.subspan(data.first_connector.value(), data.connector_count);
}

station_part site_tables::part_of(domain::station_index station) {
  return {*layout_, terms_, station, notebooks_[station.value()], notes_of(station)};
}

void site_tables::take_outcome(const station_outcome& outcome) {
  site::take_outcome(table_of(outcome.station), outcome);
}

} // namespace busbar::site
