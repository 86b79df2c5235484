#include "simulator/conduct.hpp"

#include "control/stations/fallback.hpp"
#include "domain/epochs.hpp"
#include "simulator/wiring.hpp"

#include <algorithm>

namespace busbar::simulator {

namespace {

using domain::instant;
using domain::milliamperes;

std::string text_of(milliamperes current) { return std::to_string(current.count()) + " mA"; }

} // namespace

conduct::conduct(std::shared_ptr<const domain::site> site, conduct_settings settings)
    : site_(std::move(site)), settings_(settings), points_(site_->connectors.size()),
      metered_at_(site_->nodes.size()) {}

void conduct::note(instant at, const char* rule, std::size_t connector, const std::string& what) {
  findings_.push_back({at, rule, site_->connectors[connector].id.text() + ": " + what});
}

const domain::fallback& conduct::fallback_of(std::size_t connector) const {
  return site_->stations[site_->connectors[connector].station.value()].when_lost;
}

bool conduct::is_silent(domain::node_index node, instant now) const {
  const auto age_max = site_->input.stale_after + settings_.plan;
  return site_->nodes[node.value()].has_meter && now - metered_at_[node.value()] > age_max;
}

bool conduct::is_meter_silent(std::size_t connector, instant now) const {
  const auto& station = site_->stations[site_->connectors[connector].station.value()];
  for (std::optional at{station.parent}; at; at = site_->nodes[at->value()].parent)
    if (is_silent(*at, now)) return true;
  return false;
}

void conduct::check_silent_meters(std::size_t connector, const told_grant& next,
                                  milliamperes before) {
  const auto& station = site_->stations[site_->connectors[connector].station.value()];
  for (std::optional at{station.parent}; at; at = site_->nodes[at->value()].parent) {
    if (!is_silent(*at, next.issued_at)) continue;
    if (!leaves_the_maximum(*at, connector, next))
      note(next.issued_at, "LIM-3", connector,
           "raised from " + text_of(before) + " to " + text_of(next.current) +
               " below a silent meter");
  }
}

bool conduct::leaves_the_maximum(domain::node_index index, std::size_t connector,
                                 const told_grant& next) const {
  const auto& node = site_->nodes[index.value()];
  if (!node.unmanaged_max) return false;
  std::vector<load> told;
  for (std::size_t c = 0; c < points_.size(); ++c) {
    const domain::connector_index each{c};
    const auto& newest = c == connector ? next : points_[c].told;
    // Once its lease is over a point is in its fallback, or told it.
    const bool is_over = newest.number != 0 && next.issued_at >= newest.ends_at();
    const auto holds = is_over ? fallback_of(c).current : newest.current;
    told.push_back({each, holds, supply_of(*site_, each).phases, newest.is_export});
  }
  const std::vector<domain::per_line<milliamperes>> nothing(site_->nodes.size());
  const auto flow = flow_of(*site_, told, nothing)[index.value()];
  for (std::size_t line = 0; line < 3; ++line) {
    const auto sum = magnitude(flow.lines[line]) + (*node.unmanaged_max)[line];
    for (const auto& limit : node.limits)
      if (limit.current && sum > (*limit.current)[line]) return false;
  }
  return true;
}

void conduct::hear(const domain::telemetry_batch& telemetry) {
  for (const auto& meter : telemetry.meters)
    metered_at_[meter.node.value()] = std::max(metered_at_[meter.node.value()], meter.measured_at);
}

void conduct::hear(const domain::command_batch& told) {
  for (const auto& command : told.commands) {
    if (command.kind != domain::command_kind::grant) continue;
    auto& point = points_[command.connector.value()];
    const told_grant next{told.owner,     command.number, command.current,
                          told.issued_at, command.lease,  command.is_export};
    check_told(point, command.connector.value(), next);
    point.asked.add(next);
    point.told = next;
  }
}

void conduct::check_told(point_watch& point, std::size_t connector, const told_grant& next) {
  const auto& facts = site_->connectors[connector];
  const auto fallback = fallback_of(connector).current;
  const auto& station = site_->stations[facts.station.value()];
  const bool is_fallback =
      next.current == fallback || next.current == control::stations::fallback_told(station).current;
  const bool turns = next.is_export != point.told.is_export && next.current.count() > 0 &&
                     point.told.current.count() > 0 &&
                     next.issued_at < point.told.ends_at();
  if (turns) note(next.issued_at, "LIM-1", connector, "turns around without a zero between");
  if (next.current.count() % facts.step.count() != 0 && !is_fallback)
    note(next.issued_at, "LIM-5", connector,
         "told " + text_of(next.current) + ", steps are " + text_of(facts.step));
  if (next.current.count() > 0 && next.current < facts.current_min && !is_fallback)
    note(next.issued_at, "FAIR-2", connector,
         "told " + text_of(next.current) + ", its minimum is " + text_of(facts.current_min));
  // What it may hold without this: what it was told, and after a lease its fallback.
  auto before = point.told.current;
  if (next.issued_at < point.held_until) before = std::max(before, point.held);
  if (next.issued_at >= point.told.ends_at()) before = std::max(before, fallback);
  if (next.current <= before) return;
  check_raise(point, connector, next, before);
  point.raised_at = next.issued_at;
}

void conduct::check_raise(const point_watch& point, std::size_t connector, const told_grant& next,
                          milliamperes before) {
  check_silent_meters(connector, next, before);
  if (!site_->ramping) return;
  const auto& facts = site_->connectors[connector];
  const domain::microseconds since =
      point.raised_at ? next.issued_at - *point.raised_at : std::chrono::seconds{1};
  const milliamperes ramped{before.count() +
                            site_->ramping->up_per_second.count() * since.count() / 1'000'000};
  const milliamperes minimum{facts.current_min + facts.step};
  if (next.current <= std::max(ramped, minimum)) return;
  note(next.issued_at, "RAMP-1", connector,
       "raised from " + text_of(before) + " to " + text_of(next.current) + ", allowed is " +
           text_of(ramped));
}

void conduct::hear(const domain::result_batch& answers) {
  for (const auto& answer : answers.results) {
    const auto connector = answer.connector.value();
    if (answer.answer != domain::outcome::accepted || connector >= points_.size()) continue;
    auto& point = points_[connector];
    const std::pair order{answers.owner, answer.number};
    const bool goes_back = order.first == point.obeyed.first
                               ? order.second < point.obeyed.second
                               : domain::is_older(order.first, point.obeyed.first);
    if (goes_back)
      note(answer.answered_at, "OWN-1", connector,
           "obeyed number " + std::to_string(order.second) + " of epoch " +
               std::to_string(order.first) + " after number " +
               std::to_string(point.obeyed.second) + " of epoch " +
               std::to_string(point.obeyed.first));
    if (!goes_back) point.obeyed = order;
    const auto accepted = point.asked.take(answers.owner, answer.number);
    if (!accepted) continue;
    point.held = accepted->current;
    point.held_until = std::min(accepted->issued_at, answer.answered_at) + accepted->lease;
  }
}

bool conduct::have_all_leases_run_out(instant now) const {
  return std::all_of(points_.begin(), points_.end(),
                     [now](const point_watch& point) { return now >= point.held_until; });
}

bool conduct::wants(const charge_point& station, const outlet& at) const {
  if (station.is_silent() || station.is_faulted() || station.monitor_fails()) return false;
  if (station.disobeys() || at.session().is_empty() || !at.car()) return false;
  return at.car()->appetite(at.offered()) >= at.offered().current_min;
}

void conduct::look(const plant& yard, instant now, const room_for& has_room) {
  passed_ = now_ == instant{} ? domain::microseconds{} : now - now_;
  now_ = now;
  bool somebody_disobeys = false;
  std::int64_t wanting = 0;
  for (const auto& station : yard.points()) {
    somebody_disobeys = somebody_disobeys || station.disobeys();
    for (const auto& at : station.outlets()) wanting += wants(station, at);
  }
  wait_max_ = settings_.wait + wanting * settings_.wait_more;
  for (const auto& station : yard.points())
    for (const auto& at : station.outlets()) {
      auto& point = points_[at.index().value()];
      if (point.session != at.session()) point.has_charged = false;
      point.session = at.session();
      check_draw(point, station, at, now);
      const bool is_held = now < point.held_until && point.held >= at.offered().current_min;
      if (wants(station, at) && !is_held)
        check_wait(point, at, somebody_disobeys, now, has_room);
      else
        point.waited = point.left_out = {};
    }
}

void conduct::check_draw(point_watch& point, const charge_point& station, const outlet& at,
                         instant now) {
  const auto connector = at.index().value();
  const auto drawn = at.drawn();
  const auto minimum = site_->connectors[connector].current_min;
  if (drawn >= minimum) point.has_charged = true;
  if (drawn.count() > 0 && drawn < minimum)
    note(now, "FAIR-2", connector,
         "draws " + text_of(drawn) + ", its minimum is " + text_of(minimum));
  if (station.disobeys()) point.disobeyed_at = now;
  const auto& fallback = fallback_of(connector);
  const bool keeps = fallback.action == domain::fallback_action::maintain;
  const auto most = keeps ? point.held : fallback.current;
  const auto since = std::max(point.held_until, point.disobeyed_at);
  if (at.is_export() && now >= since + settings_.response)
    note(now, "SAFE-1", connector, "gives back " + text_of(drawn) + " without a lease");
  if (drawn <= most || now < since + settings_.response) return;
  note(now, "SAFE-1", connector,
       "draws " + text_of(drawn) + " without a lease, its fallback is " + text_of(most));
}

void conduct::check_wait(point_watch& point, const outlet& at, bool somebody_disobeys, instant now,
                         const room_for& has_room) {
  const auto connector = at.index().value();
  // Below a lost meter no connector is given anything: that time does not count.
  if (is_meter_silent(connector, now)) return;
  point.waited += passed_;
  longest_wait_ = std::max(longest_wait_, point.waited);
  if (point.waited > wait_max_) {
    note(now, "FAIR-2", connector,
         "waits for longer than " + std::to_string(wait_max_ / std::chrono::seconds{1}) + " s");
    point.waited = {};
  }
  if (!somebody_disobeys || !point.has_charged || !has_room(at.index())) {
    point.left_out = {};
    return;
  }
  point.left_out += passed_;
  if (point.left_out <= settings_.left_out_max) return;
  note(now, "SAFE-2", connector, "charged, and is left out while another point disobeys");
  point.left_out = {};
}

} // namespace busbar::simulator
