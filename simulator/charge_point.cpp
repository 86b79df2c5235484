#include "simulator/charge_point.hpp"

#include "control/stations/capability.hpp"
#include "simulator/beat.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <utility>

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

const domain::capability* capability_of(const domain::site& site, domain::station_index station) {
  return control::stations::find_capability(site, site.stations[station.value()].capability);
}

/// What its makers wrote on it: its profile, no more than its first connector carries.
domain::shared_station_report nameplate_of(const domain::capability* profile,
                                           const domain::connector& connector,
                                           const outlet& first) {
  domain::station_report said;
  const auto& supply = first.offered();
  said.is_dc = supply.is_dc;
  said.can_switch_phases = first.can_switch_phases();
  said.has_smart_charging = profile == nullptr || profile->has_smart_charging;
  if (!supply.is_dc) {
    said.line_count = connector.line_count;
    said.current_max = connector.current_max;
    said.voltage = supply.voltage;
  } else if (profile != nullptr) {
    said.current_max = profile->current_max;
    said.voltage = profile->voltage_max;
    said.power_max = std::min(profile->power_max, connector.power_max);
  } else said.power_max = connector.power_max;
  return {std::make_shared<const domain::station_report>(said)};
}

} // namespace

charge_point::charge_point(const domain::site& site, domain::station_index index,
                           domain::microseconds response, local_settings local)
    : index_(index), first_(site.stations[index.value()].first_connector),
      own_timeout_(site.stations[index.value()].when_lost.timeout),
      local_(std::move(local)) {
  assert(local_.look_every.count() > 0);
  if (const auto* profile = capability_of(site, index)) {
    has_smart_charging_ = profile->has_smart_charging;
    is_bidirectional_ = profile->is_bidirectional;
  }
  const auto& station = site.stations[index.value()];
  for (std::uint32_t n = 0; n < station.connector_count; ++n) {
    const domain::connector_index at{first_.value() + n};
    outlets_.emplace_back(site, at, response);
    current_max_.push_back(site.connectors[at.value()].current_max);
  }
  nameplate_ = nameplate_of(capability_of(site, index), site.connectors[first_.value()],
                            outlets_.front());
  memories_.resize(outlets_.size());
  lines_told_.assign(outlets_.size(), 3);
  said_.resize(outlets_.size());
  drivers_.resize(outlets_.size());
}

void charge_point::follow(const domain::site& site, domain::station_index index) {
  const auto& station = site.stations[index.value()];
  const auto before = std::exchange(first_, station.first_connector);
  const auto moved = [&](domain::connector_index then) {
    return domain::connector_index{first_.value() + (then.value() - before.value())};
  };
  index_ = index;
  own_timeout_ = station.when_lost.timeout;
  for (std::size_t place = 0; place < outlets_.size(); ++place) {
    const domain::connector_index at{first_.value() + place};
    outlets_[place].follow(site, at);
    current_max_[place] = site.connectors[at.value()].current_max;
    memories_[place].answer.connector = at;
  }
  for (auto& change : changes_) change.connector = moved(change.connector);
  for (auto& stop : stops_) stop.connector = moved(stop.connector);
}

domain::command_result charge_point::obey(const domain::command& told, const command_origin& from,
                                          instant now) {
  const std::size_t place = told.connector.value() - first_.value();
  assert(place < outlets_.size() && !is_silent());
  auto& last = memories_[place];
  domain::command_result answer{told.connector, told.number, domain::outcome::refused, {}, now};
  const control::ownership::command_mark next{from.owner, told.number};
  const auto verdict = control::ownership::judge(last.obeyed, next);
  if (verdict == control::ownership::fence_verdict::repeated) return last.answer;
  answer.why = control::ownership::refusal_text(last.obeyed, next);
  if (!answer.why.empty()) return answer;
  answer.why = act(outlets_[place], told, from.issued_at, now);
  if (answer.why.empty()) {
    answer.answer = domain::outcome::accepted;
    outlets_[place].obey(told.number);
    // Also where it is told again, by another owner or under another number.
    if (told.kind == command_kind::start)
      answer.register_at = domain::watt_hours{outlets_[place].session_register_wh()};
    if (told.kind == command_kind::stop)
      answer.register_at = domain::watt_hours{outlets_[place].last().register_wh};
    if (told.kind == command_kind::report) answer.reported = nameplate_;
    next_look_ = {};
  }
  last = {next, answer};
  return answer;
}

std::string charge_point::act(outlet& at, const domain::command& told, instant issued_at,
                              instant now) {
  switch (told.kind) {
  case command_kind::grant: return hold(at, told, issued_at, now);
  case command_kind::start: return start(at, told, now);
  case command_kind::stop: return stop(at, told);
  case command_kind::reset:
    for (auto& each : outlets_) each.close_session();
    suffer(fault_kind::clear, now);
    return {};
  case command_kind::unlock: at.close_session(); return {};
  case command_kind::set_available: at.set_available(true); return {};
  case command_kind::set_unavailable: at.set_available(false); return {};
  case command_kind::set_phases: return switch_phases(at, told.lines, now);
  case command_kind::set_charging_profile:
  case command_kind::clear_charging_profile: return keep_profile(told, now);
  case command_kind::report: return {};
  default: return "not a command for a charge point";
  }
}

std::string charge_point::hold(outlet& at, const domain::command& told, instant issued_at,
                               instant now) const {
  const auto most = current_max_[told.connector.value() - first_.value()];
  if (told.current.count() < 0 || told.current > most)
    return "current_ma " + std::to_string(told.current.count()) + ": allowed is 0.." +
           std::to_string(most.count());
  if (told.is_export && !is_bidirectional_) return "is_export: this station only charges";
  // A grant without a lease holds as long as the station bears silence.
  const auto bears = told.when_lost ? domain::microseconds{told.when_lost->timeout} : own_timeout_;
  const auto holds = told.lease.count() > 0 ? domain::microseconds{told.lease} : bears;
  // An issuer whose clock runs ahead does not make it hold longer.
  const auto ends = std::min(issued_at, now) + holds;
  if (ends <= now) return "lease is over";
  at.hold(told.current, ends, told.is_export);
  at.fall_back_to(told.when_lost);
  return {};
}

std::string charge_point::start(outlet& at, const domain::command& told, instant now) {
  if (at.state() == domain::connector_state::faulted) return "faulted";
  if (at.state() == domain::connector_state::unavailable) return "unavailable";
  if (at.session() == told.session) return {};
  if (!at.session().is_empty()) return "session " + at.session().text() + " is open";
  const std::size_t place = told.connector.value() - first_.value();
  at.open_session(told.session, now);
  drivers_[place] = told.driver;
  // What a profile says of a session shows once it is open.
  const bool has_limit = profiles_ && profiles_->caps(outlets_, now)[place].current;
  const auto own = decide(local_.policy, {{}, at.current_max()}, now);
  if (has_limit || !own.is_stop()) return {};
  at.close_session();
  return "local policy: " + own.why;
}

std::string charge_point::stop(outlet& at, const domain::command& told) {
  const bool is_open = at.session() == told.session;
  // A session that ended here already (a fault, a cable pulled) is stopped as asked.
  if (!is_open && at.last().id != told.session)
    return "no session " + told.session.text() + " here";
  if (is_open) at.close_session();
  return {};
}

std::string charge_point::switch_phases(outlet& at, std::uint8_t lines, instant now) {
  if (lines != 1 && lines != 3) return "lines " + std::to_string(lines) + ": allowed is 1 or 3";
  if (!at.can_switch_phases()) return "this connector cannot switch phases";
  lines_told_[at.index().value() - first_.value()] = lines;
  // More lines only as its profile leaves them, which the look that follows knows.
  if (lines == 1) at.switch_phases(1, now);
  return {};
}

std::string charge_point::keep_profile(const domain::command& told, instant now) {
  if (!has_smart_charging_) return "NotSupported: no smart charging";
  const bool clears = told.kind == command_kind::clear_charging_profile;
  const auto& order = told.profile.order;
  if (!order || (!clears && !order->installs)) return "FormationViolation: says no profile";
  if (!profiles_) profiles_ = std::make_unique<station_profiles>(outlets_);
  // Transactions that began or ended since the last look count.
  static_cast<void>(profiles_->caps(outlets_, now));
  if (clears) return profiles_->clear(*order);
  return profiles_->install(told.connector.value() - first_.value(), *order, now);
}

void charge_point::look(instant now) {
  const bool has_nothing_to_say = !profiles_ && local_.policy.is_empty();
  std::vector<profile_cap> caps;
  if (profiles_) caps = profiles_->caps(outlets_, now);
  for (std::size_t place = 0; place < outlets_.size(); ++place) {
    auto& at = outlets_[place];
    const auto cap = profiles_ ? std::move(caps[place]) : profile_cap{};
    const bool states_fewer = cap.phases.value_or(3) < 3;
    if (at.can_switch_phases())
      at.switch_phases(states_fewer ? std::uint8_t{1} : lines_told_[place], now);
    if (!has_nothing_to_say) hold_back(place, cap, now);
  }
}

void charge_point::hold_back(std::size_t place, const profile_cap& cap, instant now) {
  auto& at = outlets_[place];
  if (at.session().is_empty()) {
    at.cap(cap.current);
    said_[place].clear();
    return;
  }
  if (cap.current) {
    at.cap(cap.current);
    return say_limit(place, cap, now);
  }
  const auto own = decide(local_.policy, {at.session_energy(), at.current_max()}, now);
  at.cap(own.most, local_.policy.session_max);
  if (own.is_stop()) end_session(place, own.why);
  else say_policy(place, own, now);
}

void charge_point::end_session(std::size_t place, const std::string& why) {
  auto& at = outlets_[place];
  stops_.push_back({at.index(), at.session(), drivers_[place]});
  note(place, "stop", "local policy stops: " + why);
  said_[place].clear();
  at.close_session();
}

std::string charge_point::step_of(std::int64_t milliwatts) const {
  constexpr std::int64_t mw_us_per_tenth = 360'000'000'000;
  const auto tenths = milliwatts * local_.look_every.count() / mw_us_per_tenth;
  const auto whole = std::to_string(tenths / 10);
  return tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10);
}

void charge_point::say_limit(std::size_t place, const profile_cap& cap, instant now) {
  const auto& at = outlets_[place];
  const auto free = at.unheld(now);
  // Before its first grant nothing is there to be held back.
  if (free.is_zero()) return;
  const bool is_below = *cap.current < free;
  const bool is_pausing = is_below && *cap.current < at.offered().current_min;
  const auto step = step_of(at.milliwatts_at(free));
  const auto rest = is_pausing ? "0" : step_of(cap.power.count() * 1000);
  // What no interval of the meter shows is no limit.
  const bool is_limiting = is_below && rest != step;
  const auto limit = cap.who + (is_limiting ? " limits to " : " allows up to ") +
                     std::to_string(cap.power.count()) + " W";
  note(place, limit,
       limit + (is_pausing ? ", less than the vehicle's minimum" : "") +
           (is_limiting ? " (step reduced from " + step + " to " + rest + " Wh)"
                        : " (step " + step + " Wh)"));
}

void charge_point::say_policy(std::size_t place, const local_decision& own, instant now) {
  const std::string policy = "no profile, local policy: ";
  if (own.why.empty()) return note(place, policy, policy + "nothing holds it back");
  const auto& at = outlets_[place];
  const auto free = at.unheld(now);
  if (free.is_zero() || *own.most >= free) return;
  note(place, policy + own.why,
       policy + own.why + " (step reduced from " + step_of(at.milliwatts_at(free)) + " to " +
           step_of(at.milliwatts_at(*own.most)) + " Wh)");
}

void charge_point::note(std::size_t place, std::string key, std::string text) {
  if (said_[place] == key) return;
  changes_.push_back({outlets_[place].index(), std::move(text)});
  said_[place] = std::move(key);
}

std::vector<local_change> charge_point::take_changes() { return std::exchange(changes_, {}); }

void charge_point::suffer(fault_kind kind, instant until, bool is_welded) {
  switch (kind) {
  case fault_kind::clear: ailments_ = {}; break;
  case fault_kind::station_fault: ailments_.faulted_until = until; break;
  case fault_kind::monitor_failure: ailments_.monitor_fails_until = until; break;
  case fault_kind::silence: ailments_.silent_until = until; break;
  case fault_kind::disobey:
    ailments_.disobeys_until = until;
    ailments_.is_welded = is_welded;
    break;
  default: break;
  }
  apply_ailments();
}

void charge_point::apply_ailments() {
  for (auto& each : outlets_) {
    each.set_faulted(is_faulted());
    each.set_disobedient(disobeys(), ailments_.is_welded);
  }
}

std::vector<fault_kind> charge_point::advance(instant now) {
  std::vector<fault_kind> ended;
  end_when_due(ailments_.faulted_until, fault_kind::station_fault, now, ended);
  end_when_due(ailments_.monitor_fails_until, fault_kind::monitor_failure, now, ended);
  end_when_due(ailments_.silent_until, fault_kind::silence, now, ended);
  end_when_due(ailments_.disobeys_until, fault_kind::disobey, now, ended);
  if (!ended.empty()) apply_ailments();
  if (now >= next_look_) {
    look(now);
    next_look_ = next_beat(now, local_.look_every);
  }
  for (auto& each : outlets_) each.advance(now);
  return ended;
}

} // namespace busbar::simulator
