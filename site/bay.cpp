#include "site/bay.hpp"

#include "control/safety/lease.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::site {

using domain::connector_state;
using domain::instant;
using domain::milliamperes;

namespace {

/// After a command without answer the next try waits this long.
constexpr domain::seconds retry_after{5};

/// A breaker's window holds no more.
constexpr std::uint8_t routine_max = 32;

/// Checks come once a second; longer gaps than this are lateness of this engine node.
constexpr domain::microseconds check_gap_max = std::chrono::seconds{2};

void put_answer(station_notice& notice, const domain::command_result& result) {
  notice.answer = result.answer;
  notice.number = result.number;
  notice.why = result.why;
  notice.register_at = result.register_at;
}

} // namespace

bay::bay(std::shared_ptr<const site_layout> layout, bay_index index, bay_settings settings)
    : layout_(std::move(layout)), index_(index), settings_(settings) {
  const auto& own = layout_->bays[index_];
  rows_.resize(own.connectors.size());
  stations_.resize(own.stations.size());
  for (std::size_t i = 0; i < rows_.size(); ++i)
    rows_[i].ledger = grant_ledger{station_of(own.connectors[i]).when_lost.current};
  read_supervision();
}

void bay::read_supervision() {
  calls_.answer_within = settings_.answer_within;
  const auto& stated = layout_->site->supervision;
  const auto with = [&](const domain::supervision_terms& terms) {
    return call_terms{terms.call_timeout.value_or(calls_.answer_within),
                      terms.retries.value_or(calls_.retries),
                      terms.retry_after.value_or(calls_.retry_after)};
  };
  const auto& stations = layout_->bays[index_].stations;
  for (std::size_t i = 0; !stated.by_actor.empty() && i < stations.size(); ++i) {
    const auto name = "station:" + layout_->site->stations[stations[i].value()].id.text();
    if (stated.by_actor.contains(name)) own_calls_.emplace(i, with(stated.of(name)));
  }
  calls_ = with(stated.of("station"));
}

const call_terms& bay::calls_of(domain::connector_index connector) const {
  if (own_calls_.empty()) return calls_;
  const auto own = own_calls_.find(layout_->facts[connector.value()].station_row);
  return own == own_calls_.end() ? calls_ : own->second;
}

/// Until the next command after one that was not answered: a growing while, then as if nothing had
/// been amiss.
domain::microseconds bay::pause_of(const bay_row& row, const call_terms& calls) const {
  if (row.tries >= calls.retries) return layout_->site->lease / 3;
  return calls.retry_after * (std::int64_t{1} << row.tries);
}

bay_row& bay::row_of(domain::connector_index connector) {
  const auto place = layout_->rows[connector.value()];
  assert(place.bay == index_);
  return rows_[place.row];
}

bay_station& bay::record_of(domain::station_index station) {
  const auto place = layout_->stations[station.value()];
  assert(place.bay == index_);
  return stations_[place.row];
}

const bay_station& bay::record_of(domain::connector_index connector) const {
  return stations_[layout_->facts[connector.value()].station_row];
}

const domain::station& bay::station_of(domain::connector_index connector) const {
  const auto& site = *layout_->site;
  return site.stations[site.connectors[connector.value()].station.value()];
}

bool bay::is_stale(const bay_row& row, instant now) const {
  return !row.has_reading || now - row.heard_at > layout_->site->input.stale_after;
}

bool bay::is_reachable(const bay_row& row, domain::connector_index connector, instant now) const {
  const auto believed = belief_of(row, now);
  using control::safety::belief;
  return (believed == belief::reading || believed == belief::last_reading) &&
         does_answer(connector);
}

bool bay::does_answer(domain::connector_index connector) const {
  const auto& record = record_of(connector);
  return record.breaker == domain::breaker_position::closed && !record.is_stalled;
}

void bay::apply(std::span<const domain::reading> readings, instant received_at,
                std::vector<station_notice>& out) {
  for (const auto& reading : readings) {
    auto& row = row_of(reading.connector);
    const auto measured = measured_at(row, reading, received_at);
    if (!measured) continue;
    const auto before = row.newest.state;
    if (row.has_reading)
      row.released.take(row.newest, row.heard_at, *measured, layout_->site->input.stale_after);
    row.before = row.newest.current_ma;
    row.newest = reading;
    row.newest.measured_at = *measured;
    row.heard_at = std::min(*measured, received_at);
    row.has_reading = true;
    if (row.ledger.obeys(reading.obeyed, terms_of(reading.connector), received_at)) row.tries = 0;
    watch_draw(row, received_at, out);
    watch_lines(row);
    watch_used_lines(row);
    watch_battery(row);
    if (row.session && before != reading.state) notice_state(row, before, out, received_at);
  }
}

void bay::notice_state(const bay_row& row, connector_state before,
                       std::vector<station_notice>& out, instant now) const {
  const auto& reading = row.newest;
  const bool was_plugged =
      before == connector_state::activated || before == connector_state::supplying;
  const bool is_faulted = reading.state == connector_state::faulted;
  if (!is_faulted && !(was_plugged && reading.state == connector_state::disconnected)) return;
  station_notice notice;
  notice.station = layout_->site->connectors[reading.connector.value()].station;
  notice.connector = reading.connector;
  notice.kind = is_faulted ? notice_kind::faulted : notice_kind::unplugged;
  notice.now = now;
  notice.register_wh = reading.energy_wh;
  out.push_back(std::move(notice));
}

bool bay::apply(const domain::health_report& report) {
  auto& station = record_of(report.station);
  const bool is_unhealthy = !report.is_healthy && report.failures >= settings_.monitor_failures;
  // One or two failures change nothing: neither a fault yet nor a recovery.
  if (!report.is_healthy && !is_unhealthy) return false;
  return std::exchange(station.is_unhealthy, is_unhealthy) != is_unhealthy;
}

ledger_terms bay::terms_of(domain::connector_index connector) const {
  return {settings_.ledger, station_of(connector).when_lost, layout_->site->lease};
}

void bay::apply(const domain::command_result& result, instant now,
                std::vector<station_notice>& out, bool is_of_before) {
  auto& row = row_of(result.connector);
  if (is_of_before && result.number != 0) {
    auto& notice = notice_about(row, result.connector, notice_kind::answered, now, out);
    put_answer(notice, result);
    notice.is_of_before = true;
    return;
  }
  const auto& numbers = row.ledger.facts().numbers;
  if (result.number == 0 || result.number > numbers.last) return;
  const bool is_accepted = result.answer == domain::outcome::accepted;
  if (row.ledger.answer(result, terms_of(result.connector), now)) row.tries = 0;
  if (result.number == row.phases_number && is_accepted && row.phases_ordered != 0)
    row.lines_now = row.phases_ordered;
  station_notice notice;
  notice.station = layout_->site->connectors[result.connector.value()].station;
  notice.connector = result.connector;
  notice.kind = notice_kind::answered;
  notice.now = now;
  put_answer(notice, result);
  notice.took = row.is_pending ? now - row.pending_since : domain::microseconds{};
  notice.register_wh = row.newest.energy_wh;
  if (result.number == numbers.last) row.is_pending = false;
  if (result.number == numbers.grant && is_routine(notice)) ++record_of(notice.station).routine;
  else out.push_back(std::move(notice));
}

/// A grant that is accepted in good time changes nothing at a station whose breaker is closed.
bool bay::is_routine(const station_notice& answer) const {
  const auto& record = stations_[layout_->stations[answer.station.value()].row];
  return answer.answer == domain::outcome::accepted && answer.took < settings_.slow_after &&
         record.breaker == domain::breaker_position::closed && record.routine < routine_max;
}

std::uint8_t bay::take_routine(domain::station_index station) {
  return std::exchange(record_of(station).routine, std::uint8_t{0});
}

void bay::check(instant now, std::vector<station_notice>& out) {
  const auto& connectors = layout_->bays[index_].connectors;
  const auto gap = checked_at_ == instant{} ? domain::microseconds{} : now - checked_at_;
  const auto own_lateness = std::max(gap - check_gap_max, domain::microseconds{});
  checked_at_ = std::max(checked_at_, now);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    auto& row = rows_[i];
    row.ledger.expire(terms_of(connectors[i]), now);
    // A station is not held silent for the time in which nothing here could have heard it.
    row.pending_since = std::min(row.pending_since + own_lateness, now);
    if (row.is_pending && now - row.pending_since > calls_of(connectors[i]).answer_within) {
      row.is_pending = false;
      row.renew_at = now + pause_of(row, calls_of(connectors[i]));
      if (row.tries < calls_of(connectors[i]).retries) ++row.tries;
      auto& notice = notice_about(row, connectors[i], notice_kind::overdue, now, out);
      notice.number = row.ledger.facts().numbers.last;
      notice.took = now - row.pending_since;
    }
    if (row.session) check_session(row, connectors[i], now, out);
    if (!row.unsettled_since || row.heard_at <= *row.unsettled_since) continue;
    row.unsettled_since.reset();
    notice_about(row, connectors[i], notice_kind::heard_again, now, out);
  }
}

void bay::check_session(bay_row& row, domain::connector_index connector, instant now,
                        std::vector<station_notice>& out) const {
  if (now - row.progress_at >= settings_.progress_every) {
    row.progress_at = now;
    notice_about(row, connector, notice_kind::progress, now, out);
  }
  const auto& session = *row.session;
  const auto taken = row.newest.energy_wh - session.register_start_wh;
  if (!row.is_stopping && session.energy_wanted && taken >= session.energy_wanted->count())
    notice_about(row, connector, notice_kind::energy_reached, now, out);
}

station_notice& bay::notice_about(const bay_row& row, domain::connector_index connector,
                                  notice_kind kind, instant now,
                                  std::vector<station_notice>& out) const {
  auto& notice = out.emplace_back();
  notice.station = layout_->site->connectors[connector.value()].station;
  notice.connector = connector;
  notice.kind = kind;
  notice.now = now;
  notice.register_wh = row.newest.energy_wh;
  notice.power = domain::watts{row.newest.power_w};
  return notice;
}

void bay::order(const plan_orders& plan, std::vector<station_order>& out) {
  is_site_safe_ = plan.is_safe;
  const auto begin = plan.bay_begin[index_];
  const auto end = plan.bay_begin[index_ + 1];
  for (auto i = begin; i < end; ++i) {
    const auto& asked = plan.orders[i];
    auto& row = row_of(asked.connector);
    if (asked.lines != 0) {
      out.push_back({asked.connector, {}, asked.because, false, plan.now, asked.lines});
      continue;
    }
    if (!asked.is_decrease && !may_write(asked.connector, plan.now)) continue;
    row.ledger.order(asked.current, asked.is_export);
    row.because = asked.because;
    out.push_back({asked.connector, asked.current, asked.because, asked.is_decrease, plan.now, 0,
                   asked.is_export, plan.short_lease});
  }
  if (plan.is_safe) return;
  for (std::size_t i = 0; i < rows_.size(); ++i)
    renew(rows_[i], layout_->bays[index_].connectors[i], plan, out);
}

bool bay::is_renewal_due(const bay_row& row, instant now) {
  const bool is_free = !row.ledger.facts().currents.ordered && !row.is_pending;
  return is_free && row.has_reading && now >= row.renew_at;
}

void bay::renew(bay_row& row, domain::connector_index connector, const plan_orders& plan,
                std::vector<station_order>& out) {
  const auto now = plan.now;
  // A lease that is longer than leases may be now ends early.
  if (plan.short_lease) row.renew_at = std::min(row.renew_at, now + *plan.short_lease / 3);
  if (!is_renewal_due(row, now)) return;
  // A station that cannot be reached is asked with what is reserved for it: a probe, not a raise.
  row.renew_at = now + retry_after;
  const auto told = row.ledger.told();
  const bool is_export = row.ledger.facts().is_export;
  row.ledger.order(told, is_export);
  out.push_back({connector, told, row.because, false, now, 0, is_export, plan.short_lease});
}

void bay::issued(const domain::command& command, instant now) {
  auto& row = row_of(command.connector);
  row.ledger.issue(command, terms_of(command.connector), now);
  if (!row.is_pending) row.pending_since = now;
  row.is_pending = true;
  if (command.kind == domain::command_kind::set_phases) {
    row.phases_number = command.number;
    row.phases_ordered = command.lines;
  }
  if (command.kind != domain::command_kind::grant) return;
  note_write(command.connector, now);
  row.renew_at = control::safety::renewal_of(now, command.lease, renewal_phase(command));
}

/// A site's renewals come in five parts, each in one tick: a record for many of them.
domain::microseconds bay::renewal_phase(const domain::command& command) const {
  constexpr std::uint32_t parts = 5;
  const domain::microseconds sixth = domain::microseconds{command.lease} / 6;
  // Sites do not renew all at once.
  const auto of_site = layout_->site->revision % static_cast<std::uint64_t>(sixth.count());
  return domain::microseconds{of_site} + sixth / parts * (command.connector.value() % parts);
}

void bay::not_issued(domain::connector_index connector) { row_of(connector).ledger.drop_order(); }

void bay::session_changed(const session_change& change) {
  auto& row = row_of(change.connector);
  const bool goes_on = row.session && change.session && row.session->id == change.session->id;
  if (!goes_on) row.battery.reset();
  if (!goes_on) row.used_lines.forget();
  row.session = change.session;
  row.is_stopping = change.is_stopping;
  row.unsettled_since.reset();
  if (change.is_unsettled) row.unsettled_since = row.heard_at;
  row.bill_waits = change.bill_waits;
  is_changed_ = true;
}

void bay::profiles_changed(const domain::station_profiles& profiles) {
  const auto place = std::ranges::lower_bound(profiles_, profiles.station, {},
                                              &domain::station_profiles::station);
  const bool is_known = place != profiles_.end() && place->station == profiles.station;
  if (is_known) place->memory = profiles.memory;
  else profiles_.insert(place, profiles);
  is_changed_ = true;
}

void bay::breaker_changed(domain::station_index station,
                          const control::safety::breaker& breaker) {
  auto& record = record_of(station);
  record.breaker = breaker.position();
  record.breaker_changed_at = breaker.changed_at();
  record.breaker_failures = breaker.failures();
  record.breaker_calls = breaker.calls();
  record.times_opened = breaker.times_opened();
}

void bay::actor_stalled(domain::station_index station, instant since) {
  auto& record = record_of(station);
  record.is_stalled = true;
  record.stalled_since = since;
}

bool bay::actor_answered(domain::station_index station) {
  return std::exchange(record_of(station).is_stalled, false);
}

void bay::restarted(domain::station_index station) {
  auto& record = record_of(station);
  ++record.restarts;
  record.is_stalled = false;
  const auto& data = layout_->site->stations[station.value()];
  for (std::uint32_t i = 0; i < data.connector_count; ++i)
    not_issued(domain::connector_index{data.first_connector.value() + i});
}

station_facts bay::facts_of(domain::station_index station, instant now) const {
  const auto& data = layout_->site->stations[station.value()];
  const auto first = layout_->rows[data.first_connector.value()].row;
  station_facts facts;
  facts.is_unhealthy = stations_[layout_->stations[station.value()].row].is_unhealthy;
  facts.is_site_safe = is_site_safe_;
  facts.is_silent = true;
  for (std::uint32_t i = 0; i < data.connector_count; ++i) {
    facts.readings.push_back(rows_[first + i].newest);
    facts.is_silent = facts.is_silent && is_stale(rows_[first + i], now);
  }
  return facts;
}

void bay::restore(const domain::site_state& state) {
  for (const auto& profiles : state.profiles)
    if (layout_->stations[profiles.station.value()].bay == index_) profiles_changed(profiles);
  for (const auto& told : state.told) {
    if (layout_->rows[told.connector.value()].bay != index_) continue;
    row_of(told.connector).ledger.restore(told, state.at);
  }
  for (const auto& session : state.sessions) {
    if (layout_->rows[session.connector.value()].bay != index_) continue;
    auto& row = row_of(session.connector);
    row.session = std::make_shared<domain::session_state>(session);
    row.is_stopping = session.stop_waits.has_value();
    // Where energy flowed a vehicle was there: one that has left meanwhile is found by the first
    // reading.
    if (session.register_now_wh > session.register_start_wh)
      row.newest.state = domain::connector_state::activated;
  }
  for (const auto& session : state.unsettled) {
    if (layout_->rows[session.connector.value()].bay != index_) continue;
    auto& row = row_of(session.connector);
    row.bill_waits = std::make_shared<domain::session_state>(session);
    row.unsettled_since = row.heard_at;
  }
}

} // namespace busbar::site
