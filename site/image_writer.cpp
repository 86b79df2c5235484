#include "site/image_writer.hpp"

#include "site/dc_outlet.hpp"

#include <algorithm>

namespace busbar::site {

using domain::connector_state;

namespace {

bool is_out_of_order(connector_state state) {
  return state == connector_state::faulted || state == connector_state::unavailable;
}

void fill_session(control::connector_image& image, const session_watch& watch,
                  const domain::reading& newest) {
  const auto& session = *watch.open();
  const domain::watt_hours taken{std::max<std::int64_t>(watch.taken_wh(newest), 0)};
  image.energy_delivered = taken;
  if (session.energy_wanted)
    image.energy_needed = std::max(*session.energy_wanted - taken, domain::watt_hours{});
  image.arrived_at = session.started_at;
  image.departs_at = session.departs_at;
}

} // namespace

control::connector_image image_of(const table_rows& table, domain::connector_index connector,
                                  domain::instant now) {
  const auto& layout = *table.layout;
  const auto& facts = layout.facts[connector.value()];
  const auto& row = row_of(table, connector);
  const auto& newest = row.observed.newest();
  const bool is_silent = is_stale(table, row, now);
  control::connector_image image;
  image.is_reachable = is_reachable(table, connector, now);
  image.is_available = !is_out_of_order(newest.state);
  image.is_unheard = is_silent;
  image.is_late = !is_silent && row.observed.is_overdue(now);
  image.is_zeroed = row.observed.belief_at(now, *layout.site) == control::safety::belief::zero;
  if (facts.can_switch_phases) image.lines_now = row.commands.lines_now();
  image.used_lines = row.vehicle.used_lines(facts.lines);
  bound_output(table, connector, image);
  if (const auto power = export_power(table, connector, now))
    image.export_max = input_current(layout, *power, connector);
  const bool has_session = row.session.open() && !row.session.is_stopping();
  image.wants = image.is_available && (has_session || newest.state == connector_state::supplying);
  // Silent and fallen back: what it drew long ago says less than its fallback, which is told. One
  // that did not obey is not trusted to fall back either.
  const auto& told = row.ledger.facts();
  if (!is_silent || !told.lease.is_over || told.obedience.is_found())
    image.drawn = domain::magnitude_of(newest);
  image.drawn_ms_ago = row.observed.milliseconds_ago(now);
  row.ledger.fill(image, terms_of(table, connector), now);
  if (newest.has_soc) image.soc = domain::permille{newest.soc_permille};
  image.soc_target = layout.site->soc_target;
  image.soc_reserve = layout.site->soc_reserve;
  if (row.session.open()) fill_session(image, row.session, newest);
  return image;
}

} // namespace busbar::site
