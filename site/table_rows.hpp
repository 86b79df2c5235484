#pragma once
// What stands in a connector table, for the functions that read it: the rows of a bay's connectors
// and stations beside the layout that they are of. Only the table changes it.

#include "control/transition/write_budget.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "site/connector_row.hpp"
#include "site/grant_ledger.hpp"
#include "site/kept_profiles.hpp"
#include "site/site_layout.hpp"
#include "site/station_supervision.hpp"
#include "site/table_settings.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::site {

struct table_rows {
  /// Never null.
  std::shared_ptr<const site_layout> layout;
  bay_index bay = 0;
  table_settings settings;
  /// In the order of `bay_layout::connectors`.
  std::vector<connector_row> connectors;
  /// In the order of `bay_layout::stations`.
  std::vector<station_supervision> stations;
  kept_profiles profiles;
  /// In the order of `bay_layout::stations`: what its conversation remembers (station_talk.hpp).
  std::vector<std::vector<std::uint8_t>> talks;
  /// Its newest plan was the safe mode's: no station takes a new driver.
  bool is_site_safe = false;
  /// Its deadlines were checked last.
  domain::instant checked_at{};
  /// At most one a station.
  std::vector<domain::reservation_state> reservations = {};
};

// All of these REQUIRE that the connector, or the station, is of this bay.
[[nodiscard]] const domain::station& station_of(const site_layout& layout,
                                                domain::connector_index connector);
[[nodiscard]] const connector_row& row_of(const table_rows& table,
                                          domain::connector_index connector);
[[nodiscard]] const station_supervision& supervision_of(const table_rows& table,
                                                        domain::connector_index connector);
[[nodiscard]] ledger_terms terms_of(const table_rows& table, domain::connector_index connector);
/// RAMP-1: writes that the station's model bears.
[[nodiscard]] control::transition::write_allowance
writes_of(const table_rows& table, domain::connector_index connector);

[[nodiscard]] bool is_stale(const table_rows& table, const connector_row& row,
                            domain::instant now);
/// Its readings are believed, and its station answers.
[[nodiscard]] bool is_reachable(const table_rows& table, domain::connector_index connector,
                                domain::instant now);
/// Nothing is on its way to it, and its lease is to be renewed. One that was never heard is told
/// nothing.
[[nodiscard]] bool is_renewal_due(const connector_row& row, domain::instant now);

} // namespace busbar::site
