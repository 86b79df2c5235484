#include "site/site_model.hpp"

#include "site/held_commands.hpp"
#include "site/memory_writer.hpp"
#include "site/node_sums.hpp"
#include "site/report_writer.hpp"
#include "site/session_facts.hpp"
#include "site/site_start.hpp"
#include "site/station_facts.hpp"
#include "site/station_share.hpp"
#include "site/stepped_site.hpp"
#include "site/table_inputs.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>

namespace busbar::site {

namespace {

template <class Value> void move_to_end(std::vector<Value>& to, std::vector<Value>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

/// What a plan has published, with its events from that one on.
void record_published(step_recorder& to, const site_effects& effects, std::size_t first_event) {
  if (!effects.decisions.empty()) to.effect(effects.decisions.back());
  if (!effects.states.empty()) to.effect(effects.states.back());
  for (auto i = first_event; i < effects.events.size(); ++i)
    to.effect(desk_source{}, effects.events[i]);
}

} // namespace

site_model::site_model(std::shared_ptr<const site_layout> layout, domain::epoch owner,
                       model_settings settings)
    : layout_(std::move(layout)), settings_(settings),
      tables_(layout_, terms_of(layout_->site, owner, settings.breaker),
              with(settings.table, settings.breaker)),
      desk_(layout_, settings.breaker) {}

void site_model::record(std::shared_ptr<step_recorder> recorder, domain::instant now) {
  recording_.to = std::move(recorder);
  recording_.to->begin({layout_, tables_.owner(), settings_.table, settings_.breaker,
                    settings_.decision_every, recording_.restored, false, true, now});
}

void site_model::restore(const domain::site_state& state) {
  recording_.restored = std::make_shared<const domain::site_state>(state);
  tables_.restore(state);
  desk_.restore(state);
}

domain::site_state site_model::checkpoint(domain::instant now) {
  for (bay_index i = 0; i < layout_->bays.size(); ++i) {
    bay_report report;
    report.bay = i;
    report.memory = memory_of(tables_.tables()[i].rows(), now);
    desk_.take_memory(report);
  }
  desk_.claim();
  return desk_.changelog(tables_.owner(), now).value();
}

site_effects site_model::apply(std::span<const site_input> inputs, domain::instant now) {
  for (const auto& input : inputs) {
    const auto done = std::visit([&](const auto& each) { return take(each, now); }, input);
    if (!done) effects_.refused.push_back(done.failure());
  }
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
    auto& table = tables_.tables()[part.bay];
    recording_.step(step::readings{part.bay, now,
                                   readings.subspan(part.first_reading, part.readings),
                                   health.subspan(part.first_health, part.health)});
    table.apply(readings.subspan(part.first_reading, part.readings), now, notices_);
    const auto told = effects_.events.size();
    for (const auto& news : table.take_clock_news())
      effects_.events.push_back(clock_event(*layout_, news, now));
    for (const auto& report : health.subspan(part.first_health, part.health))
      if (table.apply(report))
        effects_.events.push_back(health_event(table.rows(), report.station, now));
    for (auto i = told; i < effects_.events.size(); ++i)
      recording_.effect(bay_source{part.bay}, effects_.events[i]);
    tell(part.bay);
  }
  if (!grouped.meters.empty()) recording_.step(step::meters{now, grouped.meters});
  for (const auto& meter : grouped.meters) desk_.meters().take(meter, now);
  return {};
}

site_model::verdict site_model::take(const domain::result_batch& batch, domain::instant now) {
  // Answers to another owner, or in places of another tree, are nothing that is waited for here.
  if (batch.owner != tables_.owner()) return {};
  if (batch.topology_hash != layout_->site->topology_hash) return {};
  for (const auto& answer : batch.results)
    if (answer.connector.value() >= layout_->rows.size())
      return domain::error{domain::errc::unknown_reference, "results.connector"};
  for (bay_index i = 0; i < layout_->bays.size(); ++i) {
    auto& table = tables_.tables()[i];
    const auto is_here = [&](const domain::command_result& answer) {
      return layout_->rows[answer.connector.value()].bay == i;
    };
    for (const auto& answer : batch.results)
      effects_.obeys_another = effects_.obeys_another ||
                               (is_here(answer) && is_to_another(table.rows(), answer));
    std::vector<domain::command_result> own;
    std::ranges::copy_if(batch.results, std::back_inserter(own), is_here);
    if (own.empty()) continue;
    recording_.step(step::results{i, now, own});
    take_answers(table, {own, now, false}, notices_);
    tell(i);
  }
  return {};
}

site_model::verdict site_model::take(const domain::driver_request& request, domain::instant now) {
  const auto found = find_station(*layout_, request.station);
  if (!found) {
    effects_.facts.push_back(denied(request, now, "no such station"));
    return {};
  }
  const domain::station_index station = *found;
  recording_.step(step::request{station, now, &request});
  const auto& table = tables_.table_of(station).rows();
  give(station, station_request{request, now, facts_of(table, station, now)});
  return {};
}

site_model::verdict site_model::take(const domain::operator_order& order, domain::instant now) {
  const domain::cause unknown;
  recording_.step(step::operators{&order, &unknown, now});
  desk_.take(order);
  effects_.events.push_back(event_of(order, *layout_->site, {{}, now}));
  recording_.effect(desk_source{}, effects_.events.back());
  is_plan_wanted_ = true;
  return {};
}

/// A profile errand, or a direct order.
template <class Work> site_model::verdict site_model::take(const Work& work, domain::instant) {
  if constexpr (std::is_same_v<Work, direct_order>) recording_.step(step::direct{&work});
  else recording_.step(step::errand{&work});
  give(work.station, work);
  return {};
}

template <class Work> void site_model::give(domain::station_index station, const Work& work) {
  auto result = tables_.give(station, work);
  if (recording_.to) tell_effects(*recording_.to, result);
  recording_.step(step::outcome{station});
  move_to_end(effects_.events, result.events);
  move_to_end(effects_.facts, result.facts);
  is_plan_wanted_ = is_plan_wanted_ || is_news(result.outcome);
  move_to_end(commands_, result.outcome.commands);
}

void site_model::tell(bay_index index) {
  for (auto& notice : std::exchange(notices_, {})) {
    const auto station = notice.station;
    station_notices work{tables_.tables()[index].supervision(station).take_routine(), {}};
    work.notices.push_back(std::move(notice));
    give(station, work);
  }
}

void site_model::plan(domain::instant now) {
  now_ = std::max(now_, now);
  ++tick_;
  const bool with_view = settings_.view_every != 0 && tick_ % settings_.view_every == 0;
  const auto bays = static_cast<bay_index>(layout_->bays.size());
  reports_.clear();
  recording_.step(step::round{tick_, now_});
  for (bay_index i = 0; i < bays; ++i) {
    recording_.step(step::check{i, now_});
    tables_.tables()[i].check(now_, notices_);
    tell(i);
    report(i, with_view);
  }
  desk_.meters().take(sums_of_site(reports_, *layout_));
  for (branch_index i = 0; i < layout_->branches.size(); ++i)
    desk_.meters().guards().take(i, false);
  recording_.step(step::decide{tick_, now_, true, {}, true, {}});
  desk_.decide(now_);
  order_bays();
  publish();
  if (with_view) publish_view();
  is_plan_wanted_ = false;
}

void site_model::report(bay_index index, bool with_view) {
  const auto filled = std::make_shared<bay_report>();
  write_report(*filled, tables_.tables()[index],
               {tick_, now_, with_view, desk_.meters().sampled_at(now_)});
  recording_.step(step::report{index, tick_, now_, false});
  desk_.take(filled);
  reports_.push_back(filled);
  recording_.step(step::reported{std::span{&reports_.back(), 1}});
}

void site_model::order_bays() {
  const auto orders = desk_.orders(tick_, now_);
  for (bay_index i = 0; i < layout_->bays.size(); ++i) {
    if (!orders->is_for(i)) continue;
    recording_.step(step::order{i, tick_});
    auto& table = tables_.tables()[i];
    std::vector<station_order> own;
    table.order(*orders, own);
    for (auto& share : by_station(std::move(own), *layout_))
      give(share.station,
           station_orders{tick_, table.supervision(share.station).take_routine(),
                          std::move(share.orders)});
  }
}

void site_model::publish() {
  const auto owner = tables_.owner();
  const auto told = effects_.events.size();
  if (auto record = desk_.decision(owner, settings_.decision_every))
    effects_.decisions.push_back(std::move(*record));
  if (auto state = desk_.changelog(owner, now_)) effects_.states.push_back(std::move(*state));
  auto events = desk_.take_events();
  move_to_end(effects_.events, events);
  if (recording_.to) record_published(*recording_.to, effects_, told);
  const auto& site = *layout_->site;
  put_in_order(commands_);
  if (!commands_.empty())
    effects_.commands.push_back(
        {site.id, site.topology_hash, owner, now_, std::exchange(commands_, {})});
}

void site_model::publish_view() {
  auto view = std::make_shared<domain::site_view>(desk_.view());
  view->owner = tables_.owner();
  effects_.view = std::move(view);
}

} // namespace busbar::site
