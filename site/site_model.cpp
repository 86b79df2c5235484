#include "site/site_model.hpp"

#include "site/bay_inputs.hpp"
#include "site/node_sums.hpp"
#include "site/site_start.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace busbar::site {

namespace {

template <class Value> void move_to_end(std::vector<Value>& to, std::vector<Value>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

} // namespace

site_model::site_model(std::shared_ptr<const site_layout> layout, domain::epoch owner,
                       model_settings settings)
    : layout_(std::move(layout)), settings_(settings),
      terms_(terms_of(layout_->site, owner, settings.breaker)),
      notebooks_(layout_->site->stations.size()), notes_(layout_->site->connectors.size()),
      desk_(layout_, settings.breaker) {
  auto own = settings_.bay;
  own.slow_after = settings_.breaker.slow_after;
  for (bay_index i = 0; i < layout_->bays.size(); ++i) bays_.emplace_back(layout_, i, own);
  for (auto& connector : notes_) connector.number = first_number(owner);
}

void site_model::restore(const domain::site_state& state) {
  for (auto& table : bays_) table.restore(state);
  restore_sessions(state, notes_);
  desk_.restore(state);
}

domain::site_state site_model::checkpoint(domain::instant now) {
  for (bay_index i = 0; i < bays_.size(); ++i) {
    bay_report report;
    report.bay = i;
    bays_[i].remember(report);
    desk_.take_memory(report);
  }
  desk_.claim();
  return desk_.changelog(terms_.owner, now).value();
}

domain::result<site_effects> site_model::apply(const site_input& input, domain::instant now) {
  const auto done = std::visit([&](const auto& each) { return take(each, now); }, input);
  if (!done) return done.failure();
  if (std::exchange(is_plan_wanted_, false)) plan(now);
  return std::exchange(effects_, {});
}

site_model::verdict site_model::take(const second_passed&, domain::instant) {
  is_plan_wanted_ = true;
  return {};
}

site_model::verdict site_model::take(const domain::telemetry_batch& batch, domain::instant now) {
  auto grouped = batch;
  std::vector<bay_part> parts;
  if (const auto routed = route(grouped, *layout_, parts); !routed) return routed.failure();
  const std::span readings{std::as_const(grouped.readings)};
  const std::span health{std::as_const(grouped.health)};
  for (const auto& part : parts) {
    auto& table = bays_[part.bay];
    table.apply(readings.subspan(part.first_reading, part.readings), now, notices_);
    for (const auto& news : table.take_clock_news())
      effects_.events.push_back(clock_event(*layout_, news, now));
    for (const auto& report : health.subspan(part.first_health, part.health))
      if (table.apply(report))
        effects_.events.push_back(health_event(table, *layout_, report.station, now));
    tell(part.bay);
  }
  for (const auto& meter : grouped.meters) desk_.take(meter, now);
  return {};
}

site_model::verdict site_model::take(const domain::result_batch& batch, domain::instant now) {
  // Answers to another owner, or in places of another tree, are nothing that is waited for here.
  if (batch.owner != terms_.owner || batch.topology_hash != layout_->site->topology_hash) return {};
  for (const auto& answer : batch.results)
    if (answer.connector.value() >= layout_->rows.size())
      return domain::error{domain::errc::unknown_reference, "results.connector"};
  for (bay_index i = 0; i < bays_.size(); ++i) {
    const auto is_here = [&](const domain::command_result& answer) {
      return layout_->rows[answer.connector.value()].bay == i;
    };
    for (const auto& answer : batch.results)
      effects_.obeys_another = effects_.obeys_another ||
                               (is_here(answer) && is_to_another(bays_[i], *layout_, answer));
    for (const auto& answer : batch.results)
      if (is_here(answer)) bays_[i].apply(answer, now, notices_);
    tell(i);
  }
  return {};
}

site_model::verdict site_model::take(const domain::driver_request& request, domain::instant now) {
  const auto& stations = layout_->site->stations;
  const auto found = std::ranges::find(stations, request.station, &domain::station::id);
  if (found == stations.end()) {
    effects_.facts.push_back(denied(request, now, "no such station"));
    return {};
  }
  const domain::station_index station{static_cast<std::size_t>(found - stations.begin())};
  const auto& table = bays_[layout_->stations[station.value()].bay];
  give(station, station_request{request, now, table.facts_of(station, now)});
  return {};
}

site_model::verdict site_model::take(const domain::operator_order& order, domain::instant now) {
  desk_.take(order);
  effects_.events.push_back(desk_.event_of(order, now));
  is_plan_wanted_ = true;
  return {};
}

site_model::verdict site_model::take(const profile_errand& errand, domain::instant) {
  give(errand.station, errand);
  return {};
}

site_model::verdict site_model::take(const direct_order& order, domain::instant) {
  give(order.station, order);
  return {};
}

template <class Work> void site_model::give(domain::station_index station, const Work& work) {
  const auto& data = layout_->site->stations[station.value()];
  const auto own =
      std::span{notes_}.subspan(data.first_connector.value(), data.connector_count);
  station_part part{*layout_, terms_, station, notebooks_[station.value()], own};
  auto result = part.take(work);
  move_to_end(effects_.events, result.events);
  move_to_end(effects_.facts, result.facts);
  take_outcome(bays_[layout_->stations[station.value()].bay], result.outcome);
  is_plan_wanted_ = is_plan_wanted_ || is_news(result.outcome);
  move_to_end(commands_, result.outcome.commands);
}

void site_model::tell(bay_index index) {
  for (auto& notice : std::exchange(notices_, {})) {
    const auto station = notice.station;
    station_notices work{bays_[index].take_routine(station), {}};
    work.notices.push_back(std::move(notice));
    give(station, work);
  }
}

void site_model::plan(domain::instant now) {
  now_ = std::max(now_, now);
  ++tick_;
  const bool with_view = settings_.view_every != 0 && tick_ % settings_.view_every == 0;
  for (bay_index i = 0; i < bays_.size(); ++i) {
    bays_[i].check(now_, notices_);
    tell(i);
  }
  reports_.clear();
  for (bay_index i = 0; i < bays_.size(); ++i) report(i, with_view);
  sum_up();
  for (branch_index i = 0; i < layout_->branches.size(); ++i) desk_.take(i, false);
  desk_.decide(now_);
  order_bays();
  publish(with_view);
  send_commands();
  is_plan_wanted_ = false;
}

void site_model::report(bay_index index, bool with_view) {
  const auto filled = std::make_shared<bay_report>();
  bays_[index].fill(*filled, tick_, now_, with_view, desk_.sampled_at(now_));
  desk_.take(filled);
  reports_.push_back(filled);
}

void site_model::sum_up() {
  std::vector<node_sum> sums;
  for (auto branch = static_cast<branch_index>(layout_->branches.size()); branch-- > 0;)
    add_own_sum(sums, reports_, *layout_, branch);
  put(sums, sum_of_roots(sums, *layout_));
  desk_.take(sums);
}

void site_model::order_bays() {
  const auto orders = desk_.orders(tick_, now_);
  for (bay_index i = 0; i < bays_.size(); ++i) {
    if (!orders->is_for(i)) continue;
    std::vector<station_order> own;
    bays_[i].order(*orders, own);
    order_stations(i, std::move(own));
  }
}

void site_model::order_stations(bay_index index, std::vector<station_order> orders) {
  group_by_station(orders, *layout_);
  const auto station_of = [&](const station_order& order) {
    return layout_->site->connectors[order.connector.value()].station;
  };
  for (auto first = orders.begin(); first != orders.end();) {
    const auto station = station_of(*first);
    const auto last = std::find_if(
        first, orders.end(), [&](const auto& order) { return station_of(order) != station; });
    give(station, station_orders{tick_, bays_[index].take_routine(station), {first, last}});
    first = last;
  }
}

void site_model::publish(bool with_view) {
  if (auto record = desk_.decision(terms_.owner, settings_.decision_every))
    effects_.decisions.push_back(std::move(*record));
  if (auto state = desk_.changelog(terms_.owner, now_))
    effects_.states.push_back(std::move(*state));
  for (auto events : {desk_.violation_events(), desk_.shortfall_events(), desk_.safety_events(),
                      desk_.guard_events()})
    move_to_end(effects_.events, events);
  if (!with_view) return;
  auto view = std::make_shared<domain::site_view>(desk_.view());
  view->owner = terms_.owner;
  view->mode = desk_.has_lost_input() ? "safe" : "controlling";
  if (desk_.has_lost_input())
    view->mode_because = "no reading of any station: told its fallback";
  effects_.view = std::move(view);
}

void site_model::send_commands() {
  if (commands_.empty()) return;
  const auto& site = *layout_->site;
  effects_.commands.push_back(
      {site.id, site.topology_hash, terms_.owner, now_, std::exchange(commands_, {})});
}

} // namespace busbar::site
