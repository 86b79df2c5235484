#include "site/stepped_site.hpp"

#include "site/bay_inputs.hpp"
#include "site/node_sums.hpp"
#include "site/operator_orders.hpp"
#include "site/site_start.hpp"

#include <algorithm>
#include <span>
#include <type_traits>
#include <utility>

namespace busbar::site {

namespace {

/// Ticks whose plan or reports may still be on their way.
constexpr std::uint64_t ticks_kept = 64;
constexpr std::size_t reports_kept = 8;

bay_settings bays_of(const site_beginning& start) {
  auto own = start.bay;
  own.slow_after = start.breaker.slow_after;
  return own;
}

template <class Value> void keep_newest(std::map<std::uint64_t, Value>& from, std::uint64_t tick) {
  while (!from.empty() && from.begin()->first + ticks_kept < tick) from.erase(from.begin());
}

} // namespace

void tell_effects(effect_listener& to, const station_result& result) {
  const auto from = result.outcome.station;
  for (const auto& event : result.events) to.effect(from, event);
  for (const auto& fact : result.facts) to.effect(from, fact);
  for (const auto& command : result.outcome.commands) to.effect(from, command);
}

void tell_effects(effect_listener& to, site_desk& desk, domain::epoch owner,
                  domain::seconds decision_every, domain::instant now) {
  if (const auto record = desk.decision(owner, decision_every)) to.effect(*record);
  if (const auto state = desk.changelog(owner, now)) to.effect(*state);
  for (const auto& event : desk.take_events()) to.effect(desk_source{}, event);
}

stepped_site::stepped_site(const site_beginning& start)
    : layout_(start.layout), start_(start),
      tables_(layout_, terms_of(layout_->site, start.owner, start.breaker), bays_of(start)),
      desk_(layout_, start.breaker), waiting_(layout_->site->stations.size()),
      reports_(layout_->bays.size()) {
  if (start.restored) {
    tables_.restore(*start.restored);
    desk_.restore(*start.restored);
  }
  if (start.claims) desk_.claim();
}

void stepped_site::take(const site_step& step, effect_listener& out) {
  out_ = &out;
  const auto take_one = [this]<class Step>(const Step& each) {
    if constexpr (std::is_same_v<Step, step::direct>)
      waiting_[each.order->station.value()].push_back(*each.order);
    else if constexpr (std::is_same_v<Step, step::errand>)
      waiting_[each.errand->station.value()].push_back(*each.errand);
    else take(each);
  };
  std::visit(take_one, step);
}

void stepped_site::take(const step::readings& step) {
  auto& table = tables_.bays()[step.bay];
  table.apply(step.readings, step.received_at, notices_);
  for (const auto& news : table.take_clock_news())
    out_->effect(bay_source{step.bay}, clock_event(*layout_, news, step.received_at));
  for (const auto& verdict : step.health)
    if (table.apply(verdict))
      out_->effect(bay_source{step.bay},
                   health_event(table, *layout_, verdict.station, step.received_at));
  tell(step.bay);
}

void stepped_site::take(const step::results& step) {
  auto& table = tables_.bays()[step.bay];
  for (const auto& answer : step.results)
    table.apply(answer, step.received_at, notices_, step.are_of_before);
  tell(step.bay);
}

void stepped_site::take(const step::request& step) {
  waiting_[step.station.value()].push_back(
      station_request{*step.request, step.received_at,
                      tables_.bay_of(step.station).facts_of(step.station, step.received_at)});
}

void stepped_site::take(const step::outcome& step) {
  auto& waiting = waiting_[step.station.value()];
  if (waiting.empty()) {
    ++strays_;
    return;
  }
  const auto result = std::visit(
      [&](const auto& work) { return tables_.work(step.station, work); }, waiting.front());
  waiting.pop_front();
  tables_.take_outcome(result.outcome);
  tell_effects(*out_, result);
}

void stepped_site::take(const step::check& step) {
  tables_.bays()[step.bay].check(step.now, notices_);
  tell(step.bay);
}

void stepped_site::tell(bay_index bay) {
  for (auto& notice : notices_) {
    const auto station = notice.station;
    station_notices work{tables_.bays()[bay].take_routine(station), {}};
    work.notices.push_back(std::move(notice));
    waiting_[station.value()].push_back(std::move(work));
  }
  notices_.clear();
}

stepped_site::report_pointer stepped_site::report_way::unused() {
  if (spare.empty()) return std::make_shared<bay_report>();
  auto made = std::move(spare.back());
  spare.pop_back();
  return made;
}

void stepped_site::take(const step::report& step) {
  const auto sampled = sampled_.find(step.tick);
  if (sampled == sampled_.end()) ++strays_;
  const auto sampled_at = sampled == sampled_.end() ? domain::instant::max() : sampled->second;
  auto filled = reports_[step.bay].unused();
  tables_.bays()[step.bay].fill(*filled, step.tick, step.now, false, sampled_at);
  filled->awaits_plan = filled->awaits_plan || step.has_commands;
  auto& waiting = reports_[step.bay].sent;
  waiting.push_back(std::move(filled));
  if (waiting.size() > reports_kept) waiting.erase(waiting.begin());
}

void stepped_site::take(const step::order& step) {
  const auto plan = plans_.find(step.tick);
  if (plan == plans_.end()) {
    ++strays_;
    return;
  }
  auto& table = tables_.bays()[step.bay];
  std::vector<station_order> own;
  table.order(*plan->second, own);
  for (auto& share : by_station(std::move(own), *layout_)) {
    const auto routine = table.take_routine(share.station);
    waiting_[share.station.value()].push_back(
        station_orders{step.tick, routine, std::move(share.orders)});
  }
}

void stepped_site::take(const step::round& step) {
  sampled_[step.tick] = desk_.meters().sampled_at(step.now);
  keep_newest(sampled_, step.tick);
}

void stepped_site::take(const step::reported& step) {
  for (const auto& named : step.bays) {
    auto& waiting = reports_[named->bay].sent;
    const auto found = std::ranges::find(waiting, named->tick, &bay_report::tick);
    if (found == waiting.end()) {
      ++strays_;
      continue;
    }
    desk_.take(*found);
    taken_.push_back(std::move(*found));
    waiting.erase(found);
  }
}

void stepped_site::take(const step::meters& step) {
  for (const auto& meter : step.meters) desk_.meters().take(meter, step.received_at);
}

void stepped_site::take(const step::operators& step) {
  desk_.take(*step.order);
  out_->effect(desk_source{}, event_of(*step.order, *layout_->site, {*step.by, step.now}));
}

void stepped_site::take(const step::decide& step) {
  if (step.has_every_report) desk_.meters().take(sums_of_site(taken_, *layout_));
  else desk_.meters().take(std::vector<node_sum>(step.sums.begin(), step.sums.end()));
  for (branch_index i = 0; step.has_every_branch && i < layout_->branches.size(); ++i)
    desk_.meters().guards().take(i, false);
  for (const auto& each : step.branches)
    desk_.meters().guards().take(each.branch, each.is_overdue);
  desk_.decide(step.now);
  plans_[step.tick] = desk_.orders(step.tick, step.now);
  keep_newest(plans_, step.tick);
  for (auto& each : taken_)
    reports_[each->bay].spare.push_back(std::const_pointer_cast<bay_report>(each));
  taken_.clear();
  tell_effects(*out_, desk_, start_.owner, start_.decision_every, step.now);
}

void stepped_site::take(const step::disturbance&) {
  for (auto& each : waiting_) each.clear();
  for (auto& each : reports_) each.sent.clear();
  taken_.clear();
}

} // namespace busbar::site
