#include "site/connector_table.hpp"

#include "control/safety/lease.hpp"
#include "site/memory_writer.hpp"
#include "site/snapshot_times.hpp"
#include "site/station_work.hpp"
#include "site/table_notices.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::site {

using domain::instant;

namespace {

/// After a command without answer the next try waits this long.
constexpr domain::seconds retry_after{5};

/// Checks come once a second; longer gaps than this are lateness of this engine node.
constexpr domain::microseconds check_gap_max = std::chrono::seconds{2};

/// A site's renewals come in five parts, each in one tick: a record for many of them.
domain::microseconds renewal_phase(const domain::site& site, const domain::command& command) {
  constexpr std::uint32_t parts = 5;
  const domain::microseconds sixth = domain::microseconds{command.lease} / 6;
  // Sites do not renew all at once.
  const auto of_site = site.revision % static_cast<std::uint64_t>(sixth.count());
  return domain::microseconds{of_site} + sixth / parts * (command.connector.value() % parts);
}

/// RAMP-1: a raise waits while the station's memory bears no more writes.
bool may_write(const table_rows& table, domain::connector_index connector, instant now) {
  return supervision_of(table, connector).may_write(writes_of(table, connector), now);
}

bool is_open(const station_supervision& station) {
  return station.breaker().position == domain::breaker_position::open;
}

bool is_closed(const station_supervision& station) {
  return station.breaker().position == domain::breaker_position::closed;
}

} // namespace

connector_table::connector_table(std::shared_ptr<const site_layout> layout, bay_index bay,
                                 const table_settings& settings)
    : rows_{std::move(layout), bay, settings, {}, {}, {}, {}, false, {}, {}},
      calls_(*rows_.layout, bay, settings.answer_within) {
  const auto& own = rows_.layout->bays[bay];
  rows_.connectors.resize(own.connectors.size());
  rows_.stations.resize(own.stations.size());
  rows_.talks.resize(own.stations.size());
  for (std::size_t i = 0; i < own.connectors.size(); ++i)
    rows_.connectors[i].ledger =
        grant_ledger{station_of(*rows_.layout, own.connectors[i]).when_lost.current};
}

connector_row& connector_table::row(domain::connector_index connector) {
  const auto place = rows_.layout->rows[connector.value()];
  assert(place.bay == rows_.bay);
  return rows_.connectors[place.row];
}

station_supervision& connector_table::supervision(domain::station_index station) {
  const auto place = rows_.layout->stations[station.value()];
  assert(place.bay == rows_.bay);
  return rows_.stations[place.row];
}

void connector_table::apply(std::span<const domain::reading> readings, instant received_at,
                            std::vector<station_notice>& out) {
  for (const auto& reading : readings) {
    auto& own = row(reading.connector);
    take(own, {reading, received_at, own.ledger.sent_at(reading.obeyed)}, out);
  }
}

void connector_table::take(connector_row& row, const arrived_reading& arrived,
                           std::vector<station_notice>& out) {
  const auto& layout = *rows_.layout;
  const auto connector = arrived.reading.connector;
  const auto before = row.session.state_before(row.observed.newest(), arrived.reading);
  const auto now = arrived.received_at;
  const bool was_silent = row.observed.is_stale(now, *layout.site);
  if (!row.observed.take(arrived, *layout.site)) return;
  has_heard_ = true;
  const auto station = layout.site->connectors[connector.value()].station;
  const bool is_back = was_silent && !row.observed.is_stale(now, *layout.site);
  // Half open, what waits for its answer is a probe: the breaker counts it.
  if (is_back && is_open(supervision(station)))
    notice_return(row, layout, {connector, now}, out);
  if (const auto ahead = row.observed.take_clock_news(*layout.site))
    if (supervision(station).take_clock(*ahead)) clocks_.push_back({station, *ahead});
  const auto terms = terms_of(rows_, connector);
  if (row.ledger.obeys(arrived.reading.obeyed, terms, now)) row.commands.followed();
  watch_vehicle(row, layout);
  const auto step = row.ledger.read({row.observed.newest(), row.observed.heard_at()}, terms, now);
  if (step) out.push_back(disobedience_of(row, layout, *step, now));
  if (row.session.is_told_of_by(row.observed.newest()))
    notice_state(row, layout, before, now, out);
}

bool connector_table::apply(const domain::health_report& report) {
  return supervision(report.station).take(report, rows_.settings.monitor_failures);
}

void connector_table::apply(const domain::command_result& result, instant now,
                            std::vector<station_notice>& out) {
  has_heard_ = true;
  auto& own = row(result.connector);
  const auto& numbers = own.ledger.facts().numbers;
  if (result.number == 0 || result.number > numbers.last) return;
  const bool is_accepted = result.answer == domain::outcome::accepted;
  const auto& layout = *rows_.layout;
  const auto& calls = calls_.of(layout.facts[result.connector.value()].station_row);
  if (own.ledger.answer(result, terms_of(rows_, result.connector), now)) own.commands.followed();
  if (is_accepted) own.commands.phases_accepted(result.number);
  else if (result.number == numbers.grant) own.commands.refused(calls, layout.site->lease, now);
  auto notice = answer_of(own, layout, result, now);
  notice.took = own.commands.waited(now);
  if (result.number == numbers.last) own.commands.answered();
  // An open circuit breaker closes by its probes: they follow one another.
  if (is_accepted && !is_closed(supervision(notice.station))) own.commands.renew_at(now);
  // A grant that is accepted in good time changes nothing at a station whose breaker is closed.
  const bool is_in_time = is_accepted && notice.took < rows_.settings.slow_after;
  const bool is_routine = result.number == numbers.grant && is_in_time &&
                          supervision(notice.station).keep_routine();
  if (!is_routine) out.push_back(std::move(notice));
}

void connector_table::check(instant now, std::vector<station_notice>& out) {
  const auto& layout = *rows_.layout;
  const auto& connectors = layout.bays[rows_.bay].connectors;
  const auto gap = rows_.checked_at == instant{} ? domain::microseconds{} : now - rows_.checked_at;
  const auto own_lateness = std::max(gap - check_gap_max, domain::microseconds{});
  rows_.checked_at = std::max(rows_.checked_at, now);
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    auto& row = rows_.connectors[i];
    row.ledger.expire(terms_of(rows_, connectors[i]), now);
    // A station is not held silent for the time in which nothing here could have heard it.
    row.commands.excuse(own_lateness, now);
    const auto& calls = calls_.of(layout.facts[connectors[i].value()].station_row);
    if (const auto waited = row.commands.take_overdue(calls, layout.site->lease, now))
      out.push_back(overdue_of(row, layout, {connectors[i], now}, *waited));
    notice_session(row, layout, {connectors[i], now}, rows_.settings.progress_every, out);
  }
}

void connector_table::order(const plan_orders& plan, std::vector<station_order>& out) {
  rows_.is_site_safe = plan.is_safe;
  const auto begin = plan.bay_begin[rows_.bay];
  const auto end = plan.bay_begin[rows_.bay + 1];
  for (auto i = begin; i < end; ++i) {
    const auto& asked = plan.orders[i];
    if (asked.lines != 0) {
      out.push_back({asked.connector, {}, asked.because, false, plan.now, asked.lines});
      continue;
    }
    if (!asked.is_decrease && !may_write(rows_, asked.connector, plan.now)) continue;
    auto& own = row(asked.connector);
    own.ledger.order(asked.current, asked.is_export);
    own.because = asked.because;
    out.push_back({asked.connector, asked.current, asked.because, asked.is_decrease, plan.now, 0,
                   asked.is_export, plan.short_lease});
  }
  if (!plan.is_safe) renew(plan, out);
}

void connector_table::renew(const plan_orders& plan, std::vector<station_order>& out) {
  const auto now = plan.now;
  const auto& connectors = rows_.layout->bays[rows_.bay].connectors;
  for (std::size_t i = 0; i < connectors.size(); ++i) {
    auto& row = rows_.connectors[i];
    // A lease that is longer than leases may be now ends early.
    if (plan.short_lease) row.commands.shorten(now + *plan.short_lease / 3);
    if (!is_renewal_due(row, now)) continue;
    // A station that cannot be reached is asked with what is reserved for it: a probe, not a raise.
    row.commands.renew_at(now + retry_after);
    const auto told = row.ledger.told();
    const bool is_export = row.ledger.facts().is_export;
    row.ledger.order(told, is_export);
    out.push_back(
        {connectors[i], told, row.because, false, now, 0, is_export, plan.short_lease});
  }
}

void connector_table::issued(const domain::command& command, instant now) {
  const auto& site = *rows_.layout->site;
  auto& own = row(command.connector);
  has_heard_ = true;
  own.ledger.issue(command, terms_of(rows_, command.connector), now);
  own.commands.issued(command, now);
  if (command.kind != domain::command_kind::grant) return;
  supervision(site.connectors[command.connector.value()].station)
      .note_write(writes_of(rows_, command.connector), now);
  own.commands.renew_at(
      control::safety::renewal_of(now, command.lease, renewal_phase(site, command)));
}

void connector_table::not_issued(domain::connector_index connector) {
  row(connector).ledger.drop_order();
}

void connector_table::session_changed(const session_change& change) {
  auto& own = row(change.connector);
  const bool goes_on = own.session.change(change, own.observed.heard_at());
  if (!goes_on) own.vehicle.forget_vehicle();
  is_changed_ = true;
}

void connector_table::remember(const station_outcome& outcome) {
  if (outcome.profiles) rows_.profiles.put({outcome.station, outcome.profiles});
  is_changed_ = is_changed_ || outcome.profiles;
  if (outcome.talk.empty()) return;
  rows_.talks[rows_.layout->stations[outcome.station.value()].row] = outcome.talk;
  std::erase_if(rows_.reservations,
                [&](const auto& each) { return each.station == outcome.station; });
  if (outcome.reserved) rows_.reservations.push_back(*outcome.reserved);
  has_heard_ = true;
}

void connector_table::restarted(domain::station_index station) {
  supervision(station).actor_restarted();
  const auto& data = rows_.layout->site->stations[station.value()];
  for (std::uint32_t i = 0; i < data.connector_count; ++i)
    not_issued(domain::connector_index{data.first_connector.value() + i});
}

void connector_table::take_over(domain::connector_index connector, connector_table& before,
                                domain::connector_index then, bool hangs_as_before) {
  auto& own = row(connector);
  auto& other = before.row(then);
  own.observed.take_over(other.observed, connector);
  own.session.heard_until(own.observed.heard_at());
  // The leases of the epoch before go on: no station has fallen back because a file was read.
  own.ledger.take_over(other.ledger);
  own.commands.take_over(other.commands);
  const bool is_same_window = rows_.layout->site->tracking_window ==
                              before.rows_.layout->site->tracking_window;
  own.vehicle.take_over(other.vehicle, hangs_as_before, is_same_window);
}

void connector_table::take_over(domain::station_index station, connector_table& before,
                                domain::station_index then) {
  supervision(station).take_over(before.supervision(then));
}

void connector_table::restore(const domain::site_state& state,
                              std::span<const std::uint8_t> parts) {
  const auto& layout = *rows_.layout;
  const auto is_here = [&](domain::connector_index connector) {
    return layout.rows[connector.value()].bay == rows_.bay;
  };
  for (const auto& profiles : state.profiles) {
    if (layout.stations[profiles.station.value()].bay != rows_.bay) continue;
    rows_.profiles.put(profiles);
    is_changed_ = true;
  }
  for (const auto& told : state.told)
    if (is_here(told.connector)) row(told.connector).ledger.restore(told, state.at);
  for (const auto& session : state.sessions)
    if (is_here(session.connector))
      row(session.connector).session.restore(std::make_shared<domain::session_state>(session));
  for (const auto& session : state.unsettled) {
    if (!is_here(session.connector)) continue;
    auto& own = row(session.connector);
    own.session.restore_unsettled(std::make_shared<domain::session_state>(session),
                                  own.observed.heard_at());
  }
  for (const auto& each : state.reservations)
    if (layout.stations[each.station.value()].bay == rows_.bay) rows_.reservations.push_back(each);
  if (!parts.empty()) read_parts(parts, rows_, state.owner);
}

bool connector_table::take_memory_news(instant now) {
  const auto& site = rows_.layout->site->id;
  const bool is_due =
      has_heard_ && snapshot_period(site, now) != snapshot_period(site, remembered_at_);
  for (auto& row : rows_.connectors) is_changed_ = row.ledger.take_news() || is_changed_;
  if (!is_due && !is_changed_) return false;
  has_heard_ = is_changed_ = false;
  remembered_at_ = now;
  return true;
}

} // namespace busbar::site
