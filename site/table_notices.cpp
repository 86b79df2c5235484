#include "site/table_notices.hpp"

#include "site/table_rows.hpp"

namespace busbar::site {

using domain::connector_state;

namespace {

station_notice notice_about(const connector_row& row, const site_layout& layout,
                            const notice_origin& from, notice_kind kind) {
  station_notice notice;
  notice.station = layout.site->connectors[from.connector.value()].station;
  notice.connector = from.connector;
  notice.kind = kind;
  notice.now = from.now;
  notice.measured_at = row.observed.newest().measured_at;
  notice.register_wh = row.observed.newest().energy_wh;
  notice.power = domain::watts{row.observed.newest().power_w};
  return notice;
}

} // namespace

station_notice disobedience_of(const connector_row& row, const site_layout& layout,
                               domain::escalation step, domain::instant now) {
  const auto& newest = row.observed.newest();
  auto notice = notice_about(row, layout, {newest.connector, now}, notice_kind::disobeys);
  notice.step = step;
  notice.told = row.ledger.told();
  notice.is_export = row.ledger.facts().is_export;
  const auto size = domain::magnitude_of(newest);
  notice.drawn = domain::is_export(newest) ? -size : size;
  return notice;
}

station_notice answer_of(const connector_row& row, const site_layout& layout,
                         const domain::command_result& result, domain::instant now) {
  auto notice = notice_about(row, layout, {result.connector, now}, notice_kind::answered);
  notice.answer = result.answer;
  notice.number = result.number;
  notice.why = result.why;
  notice.register_at = result.register_at;
  return notice;
}

station_notice overdue_of(const connector_row& row, const site_layout& layout,
                          const notice_origin& from, domain::microseconds waited) {
  auto notice = notice_about(row, layout, from, notice_kind::overdue);
  notice.number = row.ledger.facts().numbers.last;
  notice.took = waited;
  return notice;
}

void notice_return(connector_row& row, const site_layout& layout, const notice_origin& from,
                   std::vector<station_notice>& out) {
  row.commands.begin_anew(from.now);
  out.push_back(notice_about(row, layout, from, notice_kind::reports_again));
}

void notice_state(const connector_row& row, const site_layout& layout, connector_state before,
                  domain::instant now, std::vector<station_notice>& out) {
  const auto& newest = row.observed.newest();
  if (newest.state == before) return;
  const bool was_plugged =
      before == connector_state::activated || before == connector_state::supplying;
  const bool is_faulted = newest.state == connector_state::faulted;
  if (!is_faulted && !(was_plugged && newest.state == connector_state::disconnected)) return;
  const auto kind = is_faulted ? notice_kind::faulted : notice_kind::unplugged;
  out.push_back(notice_about(row, layout, {newest.connector, now}, kind));
}

void notice_session(connector_row& row, const site_layout& layout, const notice_origin& from,
                    domain::microseconds progress_every, std::vector<station_notice>& out) {
  const auto add = [&](notice_kind kind) { out.push_back(notice_about(row, layout, from, kind)); };
  if (row.session.take_progress(from.now, progress_every)) add(notice_kind::progress);
  if (row.session.has_energy_wanted(row.observed.newest())) add(notice_kind::energy_reached);
  if (row.session.take_heard_again(row.observed.heard_at())) add(notice_kind::heard_again);
}

void watch_vehicle(connector_row& row, const site_layout& layout) {
  const auto& newest = row.observed.newest();
  const auto& facts = layout.facts[newest.connector.value()];
  const bool has_session = row.session.open() != nullptr;
  if (has_session && row.ledger.facts().numbers.grant != 0)
    row.vehicle.track(newest, row.ledger.acknowledged(), layout.site->tracking_window);
  if (facts.can_switch_phases) row.commands.watch_lines(newest);
  if (facts.may_use_fewer_lines) {
    const auto node = station_of(layout, newest.connector).parent;
    row.vehicle.watch_lines(newest, layout.neutral_voltages[node.value()]);
  }
  if (has_session && facts.is_dc) row.vehicle.watch_battery(newest);
}

} // namespace busbar::site
