#include "actors/station_group.hpp"

#include "actors/station_actor.hpp"
#include "actors/station_results.hpp"
#include "actors/supervisor.hpp"
#include "domain/events/supervision.hpp"
#include "site/station_share.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace busbar::actors {

namespace {

namespace events = domain::events;

/// A station that has answered nothing for this long is asked for a sign of life.
constexpr domain::microseconds quiet_max = std::chrono::seconds{30};
constexpr std::int64_t quiet_parts = 30;

using site::step::station_change;

/// Whether its orders need no actor: what that was sent before comes first, and the probes of its
/// breaker are its own.
bool needs_no_actor(const control::safety::answer_watch& answers,
                    const site::station_supervision& record) {
  return answers.waiting() == 0 && record.breaker().position == domain::breaker_position::closed;
}

void record(const site_context& context, domain::station_index station, station_change change,
            domain::instant since = {}) {
  context.recording.step(site::step::station_actor{station, change, 0, since});
}

/// Its notebook is free: no actor before this one has anything left to do.
void record_begin(site_context& context, domain::station_index station) {
  if (!context.recording.to) return;
  if (const auto book = context.notebooks[station.value()].borrow())
    context.recording.step(
        site::step::station_actor{station, station_change::begun, book->pieces_done, {}});
}

} // namespace

station_group::~station_group() {
  for (const auto& station : stations_)
    if (station.actor) caf::anon_send_exit(station.actor, caf::exit_reason::kill);
}

void station_group::open(caf::local_actor* self, std::shared_ptr<site_context> context,
                         std::optional<bay_index> bay, feeder_actor own) {
  self_ = self;
  context_ = std::move(context);
  own_ = std::move(own);
  if (!bay) return;
  bay_ = *bay;
  stations_.resize(members().size());
  missing_ = stations_.size();
  awaited_.open(stations_.size());
}

const std::vector<domain::station_index>& station_group::members() const {
  return context_->layout->bays[bay_].stations;
}

station_group::child& station_group::child_of(domain::station_index station) {
  return stations_.at(context_->layout->stations.at(station.value()).row);
}

const station_group::child& station_group::child_of(domain::station_index station) const {
  return stations_.at(context_->layout->stations.at(station.value()).row);
}

const std::string& station_group::name_of(domain::station_index station) const {
  return context_->layout->site->stations[station.value()].id.text();
}

void station_group::spawn_missing() {
  for (std::size_t i = 0; missing_ > 0 && i < stations_.size(); ++i) {
    const auto station = members()[i];
    auto& own = stations_[i];
    if (own.actor || !context_->notebooks[station.value()].is_free()) continue;
    if (now_ < own.away_until) continue;
    record_begin(*context_, station);
    own.actor = self_->spawn(run_station, station_config{context_, station, own_});
    own.dog.restarted(now_);
    own.is_condemned = false;
    self_->monitor(own.actor);
    if constexpr (has_test_doors)
      context_->supervision->doors.place("station:" + name_of(station), own.actor);
    --missing_;
  }
}

void station_group::watch(domain::instant now, connector_table& from) {
  now_ = now;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    auto& own = stations_[i];
    // Nearly all stop here: nothing but the station's own entry is read for them.
    const bool is_quiet = own.dog.waiting() == 0;
    if (is_quiet && now - own.dog.since() < quiet_max) continue;
    if (!own.actor || own.is_condemned) continue;
    const auto patience = context_->watches.of(members()[i]).patience;
    if (is_quiet) ask_quiet(i, now);
    else if (own.dog.check(patience, now)) condemn_stalled(i, from);
  }
}

void station_group::condemn_stalled(std::size_t place, connector_table& from) {
  using enum domain::watchdog_action;
  const auto station = members()[place];
  auto& own = stations_[place];
  const auto& name = name_of(station);
  const auto at = moment_at(*context_, now_);
  const auto action = context_->watches.of(station).action;
  record(*context_, station, action == event ? station_change::stalled : station_change::given_up,
         own.dog.since());
  from.supervision(station).actor_stalled(own.dog.since());
  if (action == event)
    return publish_event(*context_,
                         events::watchdog_overdue(at, events::supervised::station, name));
  own.is_condemned = true;
  awaited_.forget(place);
  const auto& site = *context_->layout->site;
  const auto silence = std::max(site.lease, site.stations[station.value()].when_lost.timeout);
  const auto grace = context_->settings.table.ledger.lease_grace;
  if (action == fall_back) own.away_until = now_ + silence + grace;
  context_->counters->supervision.watchdog_restarts.add();
  publish_event(*context_,
                action == fall_back
                    ? events::watchdog_fallback(at, name)
                    : events::watchdog_restart(at, events::supervised::station, name));
  condemn(context_->supervision->condemned, own.actor, {"station:" + name, now_});
}

void station_group::ask_quiet(std::size_t place, domain::instant now) {
  auto& own = stations_[place];
  const auto part = static_cast<std::int64_t>(place) % quiet_parts;
  if (own.dog.since() == domain::instant{})
    own.dog.restarted(now - quiet_max / quiet_parts * part);
  if (now - own.dog.since() >= quiet_max) send(members()[place], {station_notices{}});
}

void station_group::answered(domain::station_index station, connector_table& from) {
  const auto place = context_->layout->stations.at(station.value()).row;
  auto& dog = stations_.at(place).dog;
  dog.answered(now_);
  awaited_.answered(place, dog.waiting() != 0);
  if (from.supervision(station).actor_answered())
    record(*context_, station, station_change::answered);
}

lost_station station_group::took_down(const caf::down_msg& down, domain::instant now) {
  const auto found = std::find_if(stations_.begin(), stations_.end(), [&](const auto& station) {
    return station.actor && station.actor.address() == down.source;
  });
  if (found == stations_.end()) return {};
  found->actor = nullptr;
  ++missing_;
  const auto place = static_cast<std::size_t>(found - stations_.begin());
  awaited_.forget(place);
  lost_station lost;
  lost.station = members()[place];
  const auto verdict = budget_.decide(context_->settings.restarts, now);
  lost.is_used_up = verdict == control::safety::restart_verdict::escalate;
  auto& counters = context_->counters->supervision;
  (lost.is_used_up ? counters.escalations : counters.restarts).add();
  const auto said = lost.is_used_up ? events::restart_used_up : events::restart;
  publish_event(*context_, said(moment_at(*context_, now), events::supervised::station,
                                name_of(*lost.station)));
  // Before the next one begins; its feeder takes note of it while it handles this message.
  record(*context_, *lost.station, station_change::ended);
  if (!lost.is_used_up) spawn_missing();
  return lost;
}

void station_group::send(domain::station_index station, station_work work) {
  const auto place = context_->layout->stations.at(station.value()).row;
  auto& own = stations_.at(place);
  own.dog.sent(now_);
  awaited_.sent(place);
  caf::anon_send(own.actor, std::move(work));
}

given_orders station_group::give(std::uint64_t tick, std::vector<station_order> orders,
                                 connector_table& from) {
  given_orders given;
  for (auto& share : site::by_station(std::move(orders), *context_->layout)) {
    const auto station = share.station;
    if (!runs(station)) {
      for (const auto& lost : share.orders) given.undelivered.push_back(lost.connector);
      continue;
    }
    const auto place = context_->layout->stations[station.value()].row;
    station_orders work{tick, from.supervision(station).take_routine(), std::move(share.orders)};
    std::optional<station_outcome> outcome;
    if (needs_no_actor(stations_[place].dog, from.rows().stations[place]))
      outcome = carry_out(*context_, station, work);
    if (outcome) {
      given.done.push_back(std::move(*outcome));
      continue;
    }
    given.places.push_back(place);
    send(station, {std::move(work)});
  }
  return given;
}

void station_group::tell(station_notice notice, connector_table& from) {
  if (!runs(notice.station)) return;
  const auto station = notice.station;
  station_notices message;
  message.routine = from.supervision(station).take_routine();
  message.notices.push_back(std::move(notice));
  send(station, {std::move(message)});
}

void station_group::ask(domain::station_index station, station_request request) {
  send(station, {std::move(request)});
}

std::optional<domain::station_index> station_group::find(const domain::station_id& id) const {
  if (stations_.empty()) return std::nullopt;
  for (const auto station : members())
    if (context_->layout->site->stations[station.value()].id == id) return station;
  return std::nullopt;
}

bool station_group::have_answered() const {
  return std::ranges::all_of(stations_,
                             [](const auto& own) { return own.dog.waiting() == 0; });
}

bool station_group::runs(domain::station_index station) const {
  const auto& own = child_of(station);
  return own.actor && !own.is_condemned;
}

} // namespace busbar::actors
