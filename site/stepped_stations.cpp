#include "site/stepped_stations.hpp"

#include "site/site_start.hpp"
#include "site/station_facts.hpp"
#include "site/station_share.hpp"
#include "site/table_inputs.hpp"

#include <utility>

namespace busbar::site {

void tell_effects(effect_listener& to, const station_result& result) {
  const auto from = result.outcome.station;
  for (const auto& event : result.events) to.effect(from, event);
  for (const auto& fact : result.facts) to.effect(from, fact);
  for (const auto& command : result.outcome.commands) to.effect(from, command);
}

stepped_stations::stepped_stations(const site_beginning& start)
    : layout_(start.layout),
      tables_(layout_, terms_of(layout_->site, start.owner, start.breaker),
              with(start.table, start.breaker)),
      stations_(layout_->site->stations.size()) {
  if (start.restored) tables_.restore(*start.restored);
}

void stepped_stations::take(const step::readings& step) {
  auto& table = tables_.tables()[step.bay];
  table.apply(step.readings, step.received_at, notices_);
  for (const auto& news : table.take_clock_news())
    out_->effect(bay_source{step.bay}, clock_event(*layout_, news, step.received_at));
  for (const auto& verdict : step.health)
    if (table.apply(verdict))
      out_->effect(bay_source{step.bay},
                   health_event(table.rows(), verdict.station, step.received_at));
  tell(step.bay);
}

void stepped_stations::take(const step::results& step) {
  auto& table = tables_.tables()[step.bay];
  take_answers(table, {step.results, step.received_at, step.are_of_before}, notices_);
  tell(step.bay);
}

void stepped_stations::take(const step::request& step) {
  stations_[step.station.value()].sent.push_back(
      station_request{*step.request, step.received_at,
                      facts_of(tables_.table_of(step.station).rows(), step.station,
                               step.received_at)});
}

void stepped_stations::take(const step::direct& step) {
  auto& own = stations_[step.order->station.value()];
  if (own.has_actor) own.sent.push_back(*step.order);
}

void stepped_stations::take(const step::errand& step) {
  auto& own = stations_[step.errand->station.value()];
  if (own.has_actor) own.sent.push_back(*step.errand);
}

station_outcome stepped_stations::work(domain::station_index station) {
  auto& own = stations_[station.value()];
  auto result = std::visit([&](const auto& piece) { return tables_.work(station, piece); },
                           own.sent.front());
  own.sent.pop_front();
  ++own.pieces_done;
  tell_effects(*out_, result);
  return std::move(result.outcome);
}

void stepped_stations::take(const step::outcome& step) {
  auto& own = stations_[step.station.value()];
  tables_.table_of(step.station).supervision(step.station).actor_answered();
  if (!own.answered.empty()) {
    tables_.take_outcome(own.answered.front());
    own.answered.pop_front();
  } else if (!own.sent.empty()) {
    tables_.take_outcome(work(step.station));
  } else {
    ++strays_;
  }
}

void stepped_stations::take(const step::check& step) {
  tables_.tables()[step.bay].check(step.now, notices_);
  tell(step.bay);
}

void stepped_stations::tell(bay_index bay) {
  for (auto& notice : notices_) {
    const auto station = notice.station;
    auto& own = stations_[station.value()];
    if (!own.has_actor) continue;
    station_notices work{tables_.tables()[bay].supervision(station).take_routine(), {}};
    work.notices.push_back(std::move(notice));
    own.sent.push_back(std::move(work));
  }
  notices_.clear();
}

void stepped_stations::order(bay_index bay, const plan_orders& plan) {
  auto& table = tables_.tables()[bay];
  std::vector<station_order> all;
  table.order(plan, all);
  for (auto& share : by_station(std::move(all), *layout_)) {
    auto& own = stations_[share.station.value()];
    if (own.has_actor) {
      const auto routine = table.supervision(share.station).take_routine();
      own.sent.push_back(station_orders{plan.tick, routine, std::move(share.orders)});
    } else {
      for (const auto& lost : share.orders) table.not_issued(lost.connector);
    }
  }
}

void stepped_stations::take(const step::station_actor& step) {
  using enum step::station_change;
  auto& table = tables_.table_of(step.station);
  auto& has_actor = stations_[step.station.value()].has_actor;
  switch (step.change) {
    case begun:
      catch_up(step.station, step.pieces_done);
      has_actor = true;
      return;
    case ended:
      has_actor = false;
      return table.restarted(step.station);
    case given_up:
      has_actor = false;
      return table.supervision(step.station).actor_stalled(step.since);
    case stalled: return table.supervision(step.station).actor_stalled(step.since);
    case answered: table.supervision(step.station).actor_answered(); return;
  }
}

void stepped_stations::take(const step::bay_begun& step) { lose_answers(step.bay); }

void stepped_stations::lose_answers(bay_index bay) {
  for (const auto station : layout_->bays[bay].stations) {
    auto& own = stations_[station.value()];
    own.answered.clear();
    own.is_orphan = true;
    own.has_actor = false;
  }
}

void stepped_stations::catch_up(domain::station_index station, std::uint64_t pieces_done) {
  auto& own = stations_[station.value()];
  while (own.pieces_done < pieces_done && !own.sent.empty()) {
    auto outcome = work(station);
    if (!own.is_orphan) own.answered.push_back(std::move(outcome));
  }
  if (own.pieces_done != pieces_done) ++strays_;
  own.pieces_done = pieces_done;
  own.is_orphan = false;
  own.sent.clear();
}

void stepped_stations::order_safely(bay_index bay, const plan_orders& plan) {
  lose_answers(bay);
  std::vector<station_order> all;
  tables_.tables()[bay].order(plan, all);
  safe_.assign(all.begin(), all.end());
}

void stepped_stations::take(const step::safe_order& step) {
  if (safe_.empty()) {
    ++strays_;
    return;
  }
  const auto order = safe_.front();
  safe_.pop_front();
  if (!step.is_told)
    return tables_.table_of(step.station).not_issued(order.connector);
  catch_up(step.station, step.pieces_done);
  for (const auto& command : tables_.tell_fallback(order)) out_->effect(step.station, command);
}

} // namespace busbar::site
