#include "simulator/plant.hpp"

#include "control/ownership/command_fence.hpp"
#include "domain/events/simulated.hpp"
#include "simulator/beat.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

namespace busbar::simulator {

namespace {

namespace events = domain::events;

using domain::instant;

/// Of the passed health checks of a station.
constexpr std::size_t said_every = 10;

/// The states of a charge point as its log tells them: ready (with a vehicle or without),
/// supplying, or neither; before its first word it is not there.
domain::connector_state of_point(domain::connector_state reported) {
  using enum domain::connector_state;
  if (reported == unspecified) return disconnected;
  return reported == disconnected ? activated : reported;
}

/// What a change of a point's state means to people; empty: nothing more than the states say.
std::string meaning_of(domain::connector_state from, domain::connector_state to) {
  using enum domain::connector_state;
  if (from == disconnected && to == activated) return " (started)";
  if (to == supplying) return " (charging started)";
  if (from == supplying && to == activated) return " (charging ended)";
  if (from == faulted) return " (recovered)";
  return {};
}

/// A real station, that is not simulated here.
bool is_elsewhere(const world_settings& settings, const domain::site& site,
                  domain::station_index station) {
  return settings.elsewhere.contains(site.stations[station.value()].id);
}

bool is_of_supply(domain::fault_kind kind) {
  using enum domain::fault_kind;
  return kind == low_voltage || kind == low_frequency || kind == low_power_factor;
}

bool has_same_lines(const domain::site& before, std::size_t then, const domain::site& next,
                    domain::station_index now) {
  const auto& old = before.stations[then];
  const auto first = next.stations[now.value()].first_connector.value();
  for (std::uint32_t i = 0; i < old.connector_count; ++i) {
    const auto& a = before.connectors[old.first_connector.value() + i];
    const auto& b = next.connectors[first + i];
    if (a.lines != b.lines || a.wiring != b.wiring) return false;
  }
  return true;
}

} // namespace

plant::plant(std::shared_ptr<const domain::site> site, const world_settings& settings,
             random_source random)
    : site_(std::move(site)), settings_(settings),
      reports_(site_->connectors.size()), meters_(site_, settings.base_load, random.fork()),
      injector_(settings.faults, static_cast<std::uint32_t>(site_->stations.size()),
                random.fork()) {
  points_.reserve(site_->stations.size());
  for (std::size_t s = 0; s < site_->stations.size(); ++s) add_point(domain::station_index{s});
}

void plant::take(const station_quirk& quirk, domain::station_index station) {
  clocks_ahead_[station.value()] = quirk.clock_ahead;
  if (!quirk.hides_lines) return;
  for (auto& outlet : points_[station.value()].outlets()) outlet.hide_lines();
}

void plant::take_quirks(domain::station_index station) {
  for (const auto& quirk : settings_.quirks)
    if (quirk.station == site_->stations[station.value()].id) take(quirk, station);
}

void plant::add_point(domain::station_index station) {
  points_.emplace_back(*site_, station, settings_.response,
                       local_settings{settings_.local, settings_.reading_every});
  if (is_elsewhere(settings_, *site_, station))
    points_.back().suffer(domain::fault_kind::silence, instant::max());
  clocks_ahead_.emplace_back();
  failures_.push_back(0);
  passed_.push_back(0);
  take_quirks(station);
}

void plant::begin_monitoring(domain::station_index station, instant first_check,
                             narrator& story) {
  const auto& own = site_->stations[station.value()];
  monitors_.emplace_back(settings_.monitor, station, first_check);
  if (is_elsewhere(settings_, *site_, station)) return;
  story.note(events::registered(story.here(), own.id, own.name));
}

void plant::follow(std::shared_ptr<const domain::site> next,
                   const control::carry_over::place_match& places, instant now,
                   narrator& story) {
  std::map<domain::station_index, std::size_t> staying;
  for (std::size_t s = 0; s < places.stations.size(); ++s)
    if (places.stations[s] && has_same_lines(*site_, s, *next, *places.stations[s]))
      staying.emplace(*places.stations[s], s);
  follow_reports(places, next->connectors.size());
  site_ = std::move(next);
  auto points = std::exchange(points_, {});
  auto ahead = std::exchange(clocks_ahead_, {});
  auto monitors = std::exchange(monitors_, {});
  auto failures = std::exchange(failures_, {});
  auto passed = std::exchange(passed_, {});
  for (std::size_t s = 0; s < site_->stations.size(); ++s) {
    const domain::station_index station{s};
    const auto found = staying.find(station);
    if (found == staying.end()) {
      add_point(station);
      if (has_begun_) begin_monitoring(station, now, story);
      continue;
    }
    const auto before = found->second;
    points_.push_back(std::move(points[before]));
    points_.back().follow(*site_, station);
    clocks_ahead_.push_back(ahead[before]);
    failures_.push_back(failures[before]);
    passed_.push_back(passed[before]);
    if (!has_begun_) continue;
    monitors_.push_back(monitors[before]);
    monitors_.back().follow(station);
  }
  meters_.follow(site_, places.nodes);
  injector_.follow(static_cast<std::uint32_t>(points_.size()));
}

/// All report at once: the engine knows them in their new places.
void plant::follow_reports(const control::carry_over::place_match& places, std::size_t count) {
  const auto before = std::exchange(reports_, std::vector<reporting>(count));
  for (std::size_t c = 0; c < before.size(); ++c)
    if (places.connectors[c].fate != control::carry_over::place_fate::gone)
      reports_[places.connectors[c].now.value()].reported = before[c].reported;
  next_meters_ = {};
}

charge_point& plant::owner_of(domain::connector_index connector) {
  return points_[site_->connectors[connector.value()].station.value()];
}

outlet& plant::at(domain::connector_index connector) {
  const auto station = site_->connectors[connector.value()].station;
  const auto first = site_->stations[station.value()].first_connector.value();
  return points_[station.value()].outlets()[connector.value() - first];
}

const outlet& plant::at(domain::connector_index connector) const {
  return const_cast<plant*>(this)->at(connector);
}

std::vector<node_flow> plant::flows() const {
  std::vector<load> loads;
  for (const auto& point : points_)
    for (const auto& outlet : point.outlets())
      if (outlet.drawn().count() > 0)
        loads.push_back({outlet.index(), outlet.drawn(), outlet.phases(), outlet.is_export()});
  return flow_of(*site_, loads, meters_.base());
}

std::string plant::refusal_of(const domain::command_batch& batch) const {
  if (batch.topology_hash != site_->topology_hash) return "made for another topology of the site";
  if (!control::ownership::admits_epoch(newest_owner_, batch.owner))
    return control::ownership::older_epoch_text(newest_owner_, batch.owner);
  return {};
}

domain::result_batch plant::obey(const domain::command_batch& batch, instant now,
                                 narrator& story) {
  // Places in the answers are those of the commands, whatever topology this fleet has.
  domain::result_batch answers{site_->id, batch.topology_hash, batch.owner, {}};
  const std::string refusal = refusal_of(batch);
  if (refusal.empty()) newest_owner_ = batch.owner;
  // OWN-1: the answer to an older epoch names the one that is obeyed.
  if (batch.topology_hash == site_->topology_hash) answers.owner = newest_owner_;
  for (const auto& told : batch.commands) {
    domain::command_result answer{told.connector, told.number, domain::outcome::refused, refusal,
                                  now};
    const bool is_known = told.connector.value() < site_->connectors.size();
    const auto at = is_known ? site_->connectors[told.connector.value()].station
                             : domain::station_index{};
    if (is_known && is_elsewhere(settings_, *site_, at)) continue;
    if (refusal.empty() && !is_known) answer.why = "no such connector";
    if (answer.why.empty() && told.kind == domain::command_kind::simulate_fault)
      answer = simulate_fault(told, now, story);
    else if (answer.why.empty()) {
      auto& point = owner_of(told.connector);
      if (point.is_silent()) continue;
      answer = point.obey(told, {batch.owner, batch.issued_at}, now);
    }
    if (answer.answer == domain::outcome::refused && is_known)
      story.note(events::command_refused(
          story.here(), events::names_of(*site_, told.connector), told.kind, answer.why));
    answers.results.push_back(std::move(answer));
  }
  return answers;
}

domain::command_result plant::simulate_fault(const domain::command& told, instant now,
                                             narrator& story) {
  const auto lasts = settings_.faults.by_command_lasts;
  begin_fault({site_->connectors[told.connector.value()].station, told.fault,
               lasts ? now + *lasts : instant::max()},
              story);
  return {told.connector, told.number, domain::outcome::accepted, {}, now};
}

void plant::begin_fault(const planned_fault& fault, narrator& story) {
  const auto kind = fault.kind;
  const auto& where = site_->stations[fault.station.value()];
  const bool is_clear = kind == domain::fault_kind::clear;
  points_[fault.station.value()].suffer(kind, fault.until, fault.is_welded);
  if (is_clear) meters_.restore_all();
  if (kind == domain::fault_kind::meter_loss && !meters_.lose(where.parent, fault.until)) return;
  if (is_of_supply(kind) && !meters_.disturb(where.parent, kind, fault.until)) return;
  story.note(is_clear ? events::faults_cleared(story.here(), where.id)
                      : events::fault_begins(story.here(), where.id, kind));
}

void plant::advance(instant now, narrator& story) {
  if (const auto fault = injector_.step(now))
    begin_fault(*fault, story);
  meters_.advance(now);
  for (auto& point : points_) {
    for (const auto ended : point.advance(now))
      story.note(events::fault_is_over(story.here(),
                                       site_->stations[point.index().value()].id, ended));
    for (auto& stop : point.is_silent() ? std::vector<local_stop>{} : point.take_stops())
      stops_.push_back(std::move(stop));
    for (auto& change : point.take_changes())
      story.note(events::local_decision(
          story.here(), events::names_of(*site_, change.connector), change.text));
  }
}

void plant::sample_outlets(domain::telemetry_batch& batch, instant now, narrator& story) {
  for (const auto& point : points_) {
    if (point.is_silent()) continue;
    for (const auto& outlet : point.outlets()) {
      auto& report = reports_[outlet.index().value()];
      const auto state = outlet.state();
      const bool is_changed = state != report.reported;
      if (!is_changed && now < report.next) continue;
      const bool flows = state == domain::connector_state::supplying;
      report.next = next_beat(now, flows ? settings_.reading_every : settings_.idle_reading_every);
      batch.readings.push_back(outlet.sample(now));
      batch.readings.back().measured_at += clocks_ahead_[point.index().value()];
      if (is_changed) say_state(point.index(), report.reported, state, story);
      report.reported = state;
    }
  }
}

void plant::say_state(domain::station_index station, domain::connector_state from,
                      domain::connector_state to, narrator& story) const {
  const auto& name = site_->stations[station.value()].id;
  const auto before = of_point(from);
  const auto after = of_point(to);
  if (before != after)
    return story.note(events::state_changed(story.here(), name,
                                            {before, after, meaning_of(before, after)}));
  const bool has_come = to == domain::connector_state::activated;
  story.note(has_come ? events::plugged_in(story.here(), name)
                      : events::unplugged(story.here(), name));
}

void plant::check_health(domain::telemetry_batch& batch, instant now, narrator& story) {
  for (std::size_t s = 0; s < monitors_.size(); ++s) {
    const auto& point = points_[s];
    if (is_elsewhere(settings_, *site_, point.index())) continue;
    const bool fails = point.monitor_fails() || point.is_faulted() || point.is_silent();
    const auto verdict = monitors_[s].step(now, fails);
    if (!verdict) continue;
    batch.health.push_back(*verdict);
    say_verdict(s, *verdict, story);
  }
}

void plant::say_verdict(std::size_t station, const domain::health_report& verdict,
                        narrator& story) {
  const auto before = std::exchange(failures_[station], verdict.failures);
  const auto& name = site_->stations[station].id;
  if (verdict.failures > 0) {
    passed_[station] = 0;
    if (verdict.failures < 3)
      story.note(events::check_failed(story.here(), name, verdict.failures));
    if (verdict.failures == 3) story.note(events::fault_reported(story.here(), name));
    return;
  }
  if (before > 0)
    return story.note(events::recovered(story.here(), name, before));
  // Every tenth alone, each station's at another time: passed checks must not fill the journal.
  const auto passed = passed_[station]++;
  if (passed == 0 || (passed + station) % said_every == 0)
    story.note(events::check_passed(story.here(), name, passed + 1));
}

std::optional<domain::telemetry_batch> plant::step(instant now, narrator& story) {
  if (!std::exchange(has_begun_, true)) {
    // Above every number that an earlier run of the same fleet can have reached.
    batch_number_ = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const auto count = static_cast<std::int64_t>(points_.size());
    for (std::int64_t s = 0; s < count; ++s)
      begin_monitoring(domain::station_index{static_cast<std::size_t>(s)},
                       now + settings_.monitor.every * s / count, story);
  }
  advance(now, story);
  domain::telemetry_batch batch{site_->id, site_->topology_hash, now, batch_number_ + 1, {}, {},
                                {}};
  sample_outlets(batch, now, story);
  check_health(batch, now, story);
  if (now >= next_meters_) {
    batch.meters = meters_.sample(flows(), now);
    next_meters_ = next_beat(now, settings_.meter_every);
  }
  if (batch.readings.empty() && batch.health.empty() && batch.meters.empty()) return std::nullopt;
  ++batch_number_;
  return batch;
}

} // namespace busbar::simulator
