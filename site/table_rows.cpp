#include "site/table_rows.hpp"

#include <cassert>

namespace busbar::site {

const domain::station& station_of(const site_layout& layout, domain::connector_index connector) {
  const auto& site = *layout.site;
  return site.stations[site.connectors[connector.value()].station.value()];
}

const connector_row& row_of(const table_rows& table, domain::connector_index connector) {
  const auto place = table.layout->rows[connector.value()];
  assert(place.bay == table.bay);
  return table.connectors[place.row];
}

const station_supervision& supervision_of(const table_rows& table,
                                          domain::connector_index connector) {
  return table.stations[table.layout->facts[connector.value()].station_row];
}

ledger_terms terms_of(const table_rows& table, domain::connector_index connector) {
  return {table.settings.ledger, station_of(*table.layout, connector).when_lost,
          table.layout->site->lease};
}

control::transition::write_allowance writes_of(const table_rows& table,
                                               domain::connector_index connector) {
  const auto station = table.layout->site->connectors[connector.value()].station;
  const auto& profile = table.layout->capabilities[station.value()];
  if (!profile) return {};
  return {profile->writes_per_minute, profile->writes_per_day};
}

bool is_stale(const table_rows& table, const connector_row& row, domain::instant now) {
  return row.observed.is_stale(now, *table.layout->site);
}

bool is_reachable(const table_rows& table, domain::connector_index connector,
                  domain::instant now) {
  using control::safety::belief;
  const auto believed =
      row_of(table, connector).observed.belief_at(now, *table.layout->site);
  return (believed == belief::reading || believed == belief::last_reading) &&
         supervision_of(table, connector).does_answer();
}

bool is_renewal_due(const connector_row& row, domain::instant now) {
  const bool is_ordered = row.ledger.facts().currents.ordered.has_value();
  return !is_ordered && row.observed.has_reading() && row.commands.is_due(now);
}

} // namespace busbar::site
