#include "simulator/obedience_audit.hpp"

#include <algorithm>

namespace busbar::simulator {

namespace {

using domain::command_kind;
using domain::instant;
using domain::milliamperes;

constexpr int readings_to_find = 2;
constexpr int readings_to_clear = 3;

/// Half an ampere or 2 %: what measuring inaccuracy explains.
bool is_above(milliamperes drawn, milliamperes allowed) {
  return drawn.count() > allowed.count() + std::max<std::int64_t>(500, allowed.count() / 50);
}

std::string text_of(const domain::command& told) {
  return std::string{name_of(told.kind)} + " " + std::to_string(told.current.count()) + " mA";
}

} // namespace

obedience_audit::obedience_audit(std::shared_ptr<const domain::site> site,
                                 obedience_audit_settings settings)
    : site_(std::move(site)), settings_(settings), points_(site_->connectors.size()) {}

void obedience_audit::note(instant at, std::size_t connector, const std::string& what) {
  findings_.push_back({at, "SAFE-2", site_->connectors[connector].id.text() + ": " + what});
}

void obedience_audit::hear(const domain::command_batch& told) {
  for (const auto& command : told.commands) {
    auto& point = points_[command.connector.value()];
    if (command.because.which == domain::rule::disobedience)
      check_step(point, command, told.issued_at);
    if (command.kind != command_kind::grant) continue;
    point.asked.add({told.owner, command.number, command.current, told.issued_at, command.lease,
                     command.is_export});
    point.told = command.current;
  }
}

bool obedience_audit::is_next(const point_watch& point, const domain::command& told) const {
  const auto minimum = site_->connectors[told.connector.value()].current_min;
  const bool is_grant = told.kind == command_kind::grant;
  switch (point.steps) {
  case 0: return is_grant && told.current == point.told;
  case 1:
    return is_grant && told.current == (point.told > minimum ? minimum : milliamperes{});
  case 2: return told.kind == command_kind::stop || (is_grant && told.current.is_zero());
  case 3: return told.kind == command_kind::set_unavailable;
  default: return false;
  }
}

void obedience_audit::check_step(point_watch& point, const domain::command& told, instant at) {
  const auto connector = told.connector.value();
  if (told.kind == command_kind::set_available) return;
  const auto number = "step " + std::to_string(point.steps + 1);
  if (point.suspected < (point.steps == 0 ? readings_to_find : 1))
    note(at, connector, number + " of an escalation, and it obeys");
  if (!is_next(point, told)) note(at, connector, number + " is " + text_of(told));
  if (point.steps > 0 && at < point.stepped_at + settings_.patience - settings_.slack)
    note(at, connector, number + " comes too soon");
  if (point.steps < steps_max) ++taken_[point.steps++];
  point.stepped_at = at;
  point.due_by.reset();
}

void obedience_audit::hear(const domain::result_batch& answers) {
  for (const auto& answer : answers.results) {
    const auto connector = answer.connector.value();
    if (answer.answer != domain::outcome::accepted || connector >= points_.size()) continue;
    auto& point = points_[connector];
    if (const auto accepted = point.asked.take(answers.owner, answer.number))
      accept(point, *accepted, answer.answered_at);
  }
}

void obedience_audit::accept(point_watch& point, const told_grant& accepted, instant at) {
  if (!point.held || accepted.current < point.held->current) {
    point.lowered_at = at;
    point.above = point.suspected = 0;
    point.due_by.reset(); // it has its time to follow again
  }
  point.held = accepted;
}

milliamperes obedience_audit::may_hold(const point_watch& point, std::size_t connector,
                                       instant now) const {
  const auto most = std::max(point.held->current, point.asked.current_max());
  const auto& station = site_->stations[site_->connectors[connector].station.value()];
  const auto early = std::min(settings_.fallback_early, point.held->lease / 2);
  if (now < point.held->ends_at() - early - settings_.slack) return most;
  return std::max(most, station.when_lost.current);
}

void obedience_audit::hear(const domain::telemetry_batch& telemetry) {
  for (const auto& reading : telemetry.readings) {
    auto& point = points_[reading.connector.value()];
    if (point.held) hear(point, reading);
  }
}

void obedience_audit::hear(point_watch& point, const domain::reading& reading) {
  const auto now = reading.measured_at;
  const auto drawn = domain::magnitude_of(reading);
  const auto answered = point.lowered_at + settings_.response;
  const bool is_over = is_above(drawn, may_hold(point, reading.connector.value(), now));
  point.above = is_over && now >= answered + settings_.slack ? point.above + 1 : 0;
  if (is_above(drawn, point.held->current)) {
    point.within = 0;
    if (now >= answered - settings_.slack) ++point.suspected;
  } else {
    point.suspected = 0;
    point.due_by.reset(); // it obeys before the step was due
    if (++point.within >= readings_to_clear) point.steps = 0;
  }
  const bool is_due = point.steps == 0 ||
                      now >= point.stepped_at + settings_.patience + settings_.slack;
  if (point.above >= readings_to_find && point.steps < steps_max && is_due && !point.due_by)
    point.due_by = now + settings_.plan;
}

void obedience_audit::look(instant now) {
  for (std::size_t connector = 0; connector < points_.size(); ++connector) {
    auto& point = points_[connector];
    if (!point.due_by || now <= *point.due_by) continue;
    note(now, connector, "draws above what it acknowledged, and step " +
                             std::to_string(point.steps + 1) + " does not come");
    point.due_by.reset();
  }
}

} // namespace busbar::simulator
