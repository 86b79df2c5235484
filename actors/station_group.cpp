#include "actors/station_group.hpp"

#include "actors/station_actor.hpp"
#include "actors/supervisor.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace busbar::actors {

station_group::~station_group() {
  for (const auto& station : stations_)
    if (station) caf::anon_send_exit(station, caf::exit_reason::kill);
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
}

const std::vector<domain::station_index>& station_group::members() const {
  return context_->layout->bays[bay_].stations;
}

const station_actor& station_group::actor_of(domain::station_index station) const {
  return stations_.at(context_->layout->stations.at(station.value()).row);
}

void station_group::spawn_missing() {
  for (std::size_t i = 0; missing_ > 0 && i < stations_.size(); ++i) {
    const auto station = members()[i];
    if (stations_[i] || !context_->notebooks[station.value()].is_free()) continue;
    stations_[i] = self_->spawn(run_station, station_config{context_, station, own_});
    self_->monitor(stations_[i]);
    --missing_;
  }
}

lost_station station_group::took_down(const caf::down_msg& down, domain::instant now) {
  const auto found = std::find_if(stations_.begin(), stations_.end(), [&](const auto& station) {
    return station && station.address() == down.source;
  });
  if (found == stations_.end()) return {};
  *found = nullptr;
  ++missing_;
  lost_station lost;
  lost.station = members()[static_cast<std::size_t>(found - stations_.begin())];
  const auto verdict = budget_.decide(context_->settings.restarts, now);
  lost.is_used_up = verdict == control::safety::restart_verdict::escalate;
  auto& counters = context_->counters->supervision;
  (lost.is_used_up ? counters.escalations : counters.restarts).add();
  const auto& id = context_->layout->site->stations[lost.station->value()].id.text();
  say_supervision(*context_, now, domain::severity::warning, "restart", id,
                  lost.is_used_up ? "its conversation failed once too often"
                                  : "its conversation has failed and is restarted");
  if (!lost.is_used_up) spawn_missing();
  return lost;
}

given_orders station_group::give(std::uint64_t tick, std::vector<station_order> orders,
                                 bay& from) {
  const auto& connectors = context_->layout->site->connectors;
  const auto station_of = [&](const station_order& order) {
    return connectors[order.connector.value()].station;
  };
  std::stable_sort(orders.begin(), orders.end(), [&](const auto& a, const auto& b) {
    return station_of(a) < station_of(b);
  });
  given_orders given;
  for (auto first = orders.begin(); first != orders.end();) {
    const auto station = station_of(*first);
    const auto last = std::find_if(
        first, orders.end(), [&](const auto& order) { return station_of(order) != station; });
    if (runs(station)) {
      given.places.push_back(context_->layout->stations[station.value()].row);
      caf::anon_send(actor_of(station), station_work{station_orders{
                                            tick, from.take_routine(station), {first, last}}});
    } else {
      for (auto lost = first; lost != last; ++lost) given.undelivered.push_back(lost->connector);
    }
    first = last;
  }
  return given;
}

void station_group::tell(station_notice notice, bay& from) {
  if (!runs(notice.station)) return;
  const auto& actor = actor_of(notice.station);
  station_notices message;
  message.routine = from.take_routine(notice.station);
  message.notices.push_back(std::move(notice));
  caf::anon_send(actor, station_work{std::move(message)});
}

void station_group::ask(domain::station_index station, station_request request) {
  caf::anon_send(actor_of(station), station_work{std::move(request)});
}

void station_group::pass(const fault_order& order) {
  if (runs(order.station)) caf::anon_send(actor_of(order.station), station_work{order});
}

void station_group::pass(const profile_errand& errand) {
  if (runs(errand.station)) caf::anon_send(actor_of(errand.station), station_work{errand});
}

void station_group::break_down(domain::station_index station) {
  caf::anon_send(actor_of(station), station_work{test_fault{}});
}

std::optional<domain::station_index> station_group::find(const domain::station_id& id) const {
  if (stations_.empty()) return std::nullopt;
  for (const auto station : members())
    if (context_->layout->site->stations[station.value()].id == id) return station;
  return std::nullopt;
}

bool station_group::runs(domain::station_index station) const {
  return static_cast<bool>(actor_of(station));
}

} // namespace busbar::actors
