#include "simulator/charge_point.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace busbar::simulator {

namespace {

using domain::command_kind;
using domain::fault_kind;
using domain::instant;

/// Ends `ailment` when its time is over and notes its kind.
void end_when_due(std::optional<instant>& ailment, fault_kind kind, instant now,
                  std::vector<fault_kind>& ended) {
  if (!ailment || now < *ailment) return;
  ailment.reset();
  ended.push_back(kind);
}

} // namespace

charge_point::charge_point(const domain::site& site, domain::station_index index,
                           domain::microseconds response)
    : index_(index), first_(site.stations[index.value()].first_connector),
      own_timeout_(site.stations[index.value()].when_lost.timeout) {
  const auto& station = site.stations[index.value()];
  for (std::uint32_t n = 0; n < station.connector_count; ++n) {
    const domain::connector_index at{first_.value() + n};
    outlets_.emplace_back(site, at, response);
    current_max_.push_back(site.connectors[at.value()].current_max);
  }
  memories_.resize(outlets_.size());
}

domain::command_result charge_point::obey(const domain::command& told, const command_origin& from,
                                          instant now) {
  const auto owner = from.owner;
  const std::size_t place = told.connector.value() - first_.value();
  assert(place < outlets_.size() && !is_silent());
  auto& last = memories_[place];
  domain::command_result answer{told.connector, told.number, domain::outcome::refused, {}, now};
  if (owner < last.owner) {
    answer.why = "epoch " + std::to_string(owner) + " is older than " + std::to_string(last.owner);
    return answer;
  }
  if (owner == last.owner && told.number == last.number) return last.answer;
  if (owner == last.owner && told.number < last.number) {
    answer.why =
        "sequence " + std::to_string(told.number) + " is older than " + std::to_string(last.number);
    return answer;
  }
  answer.why = act(outlets_[place], told, from.issued_at, now);
  if (answer.why.empty()) {
    answer.answer = domain::outcome::accepted;
    outlets_[place].obey(told.number);
  }
  last = {owner, told.number, answer};
  return answer;
}

std::string charge_point::act(outlet& at, const domain::command& told, instant issued_at,
                              instant now) {
  switch (told.kind) {
  case command_kind::grant: return hold(at, told, issued_at, now);
  case command_kind::start: return start(at, told);
  case command_kind::stop: return stop(at, told);
  case command_kind::reset:
    for (auto& each : outlets_) each.close_session();
    suffer(fault_kind::clear, now);
    return {};
  case command_kind::unlock: at.close_session(); return {};
  case command_kind::set_available: at.set_available(true); return {};
  case command_kind::set_unavailable: at.set_available(false); return {};
  default: return "not a command for a charge point";
  }
}

std::string charge_point::hold(outlet& at, const domain::command& told, instant issued_at,
                               instant now) const {
  const auto most = current_max_[told.connector.value() - first_.value()];
  if (told.current.count() < 0 || told.current > most)
    return "current_ma " + std::to_string(told.current.count()) + ": allowed is 0.." +
           std::to_string(most.count());
  // A grant without a lease holds as long as the station bears silence.
  const auto holds = told.lease.count() > 0 ? domain::microseconds{told.lease} : own_timeout_;
  // An issuer whose clock runs ahead does not make it hold longer.
  const auto ends = std::min(issued_at, now) + holds;
  if (ends <= now) return "lease is over";
  at.hold(told.current, ends);
  return {};
}

std::string charge_point::start(outlet& at, const domain::command& told) {
  if (at.state() == domain::connector_state::faulted) return "faulted";
  if (at.state() == domain::connector_state::unavailable) return "unavailable";
  if (at.session() == told.session) return {};
  if (!at.session().is_empty()) return "session " + at.session().text() + " is open";
  at.open_session(told.session);
  return {};
}

std::string charge_point::stop(outlet& at, const domain::command& told) {
  const bool is_open = at.session() == told.session;
  // A session that ended here already (a fault, a cable pulled) is stopped as asked.
  if (!is_open && at.last_session() != told.session)
    return "no session " + told.session.text() + " here";
  if (is_open) at.close_session();
  return {};
}

void charge_point::suffer(fault_kind kind, instant until) {
  switch (kind) {
  case fault_kind::clear: ailments_ = {}; break;
  case fault_kind::station_fault: ailments_.faulted_until = until; break;
  case fault_kind::monitor_failure: ailments_.monitor_fails_until = until; break;
  case fault_kind::silence: ailments_.silent_until = until; break;
  case fault_kind::disobey: ailments_.disobeys_until = until; break;
  default: break;
  }
  apply_ailments();
}

void charge_point::apply_ailments() {
  for (auto& each : outlets_) {
    each.set_faulted(is_faulted());
    each.set_disobedient(ailments_.disobeys_until.has_value());
  }
}

std::vector<fault_kind> charge_point::advance(instant now) {
  std::vector<fault_kind> ended;
  end_when_due(ailments_.faulted_until, fault_kind::station_fault, now, ended);
  end_when_due(ailments_.monitor_fails_until, fault_kind::monitor_failure, now, ended);
  end_when_due(ailments_.silent_until, fault_kind::silence, now, ended);
  end_when_due(ailments_.disobeys_until, fault_kind::disobey, now, ended);
  if (!ended.empty()) apply_ailments();
  for (auto& each : outlets_) each.advance(now);
  return ended;
}

} // namespace busbar::simulator
