#include "site/site_desk.hpp"

#include "control/image_hash.hpp"
#include "control/stations/fallback.hpp"
#include "domain/events/limits.hpp"
#include "domain/events/stations.hpp"

#include <algorithm>

namespace busbar::site {

using domain::instant;

namespace {

constexpr domain::seconds changelog_every{1};

bool is_same(const domain::decided_grant& a, const domain::decided_grant& b) {
  return a.target == b.target && a.granted == b.granted && a.because == b.because;
}

bool is_same(const domain::decided_limit& a, const domain::decided_limit& b) {
  return a.limit == b.limit && a.source == b.source;
}

} // namespace

site_desk::site_desk(std::shared_ptr<const site_layout> layout,
                     const control::safety::breaker_settings& guards)
    : layout_(std::move(layout)), planner_(layout_->site), node_guards_(layout_, guards),
      unmanaged_(*layout_->site), orders_(*layout_->site),
      voltages_(control::limits::voltages_of(*layout_->site)), live_limits_(*layout_->site),
      quality_(*layout_->site), unexplained_(*layout_->site),
      line_witness_(*layout_->site), forecast_(*layout_->site) {
  const auto& site = *layout_->site;
  image_.topology = layout_->site;
  image_.nodes.resize(site.nodes.size());
  flows_.resize(site.nodes.size());
  unbalanced_.resize(site.nodes.size());
  const auto can_switch = [](const auto& connector) { return connector.can_switch_phases; };
  if (std::any_of(site.connectors.begin(), site.connectors.end(), can_switch))
    phases_ordered_.resize(site.connectors.size());
  watches_balance_ = std::any_of(site.nodes.begin(), site.nodes.end(), [](const auto& node) {
    return node.protection.imbalance.has_value();
  });
  image_.connectors.resize(site.connectors.size());
  meters_.resize(site.nodes.size());
  managed_.resize(site.nodes.size());
  managed_power_.resize(site.nodes.size());
  losses_.resize(site.nodes.size());
  are_heard_.resize(layout_->bays.size());
  awaits_.resize(layout_->bays.size(), true);
  views_.resize(layout_->bays.size());
  memories_.resize(layout_->bays.size());
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    // Nobody has reported yet: unreachable and in its fallback (LIM-3).
    auto& connector = image_.connectors[i];
    connector.is_reachable = false;
    connector.told = connector.acknowledged =
        site.stations[site.connectors[i].station.value()].when_lost.current;
  }
}

void site_desk::take(const std::shared_ptr<const bay_report>& report) {
  const auto& connectors = layout_->bays[report->bay].connectors;
  for (std::size_t i = 0; i < connectors.size(); ++i)
    image_.connectors[connectors[i].value()] = report->rows[i];
  if (report->memory) {
    memories_[report->bay] = *report->memory;
    is_changed_ = true;
  }
  are_heard_[report->bay] = report->silent_rows < report->rows.size();
  awaits_[report->bay] = report->awaits_plan;
  node_guards_.take_bay(report->bay, report->has_answering_station);
  if (report->view) views_[report->bay] = report->view;
}

void site_desk::take(const domain::meter_reading& meter, instant received_at) {
  meters_.at(meter.node.value()).take(meter, received_at);
}

instant site_desk::sampled_at(instant now) const {
  auto oldest = instant::max();
  const auto stale_after = layout_->site->input.stale_after;
  for (const auto& meter : meters_)
    if (!meter.is_stale(now, stale_after))
      oldest = std::min(oldest, meter.newest()->measured_at);
  return oldest;
}

void site_desk::take(const std::vector<node_sum>& sums) {
  for (const auto& sum : sums) {
    managed_[sum.node.value()] = {sum.drawn, sum.measured_at, sum.released, sum.released_at};
    managed_power_[sum.node.value()] = sum.power;
  }
}

const control::plan& site_desk::decide(instant now) {
  image_.now = now;
  watch_left(now);
  estimate_unmanaged(now);
  line_witness_.look(image_);
  watch_input(now);
  limit_nodes(now);
  watch_quality(now);
  apply_orders(now);
  shed(now);
  plan_ = &planner_.decide(image_);
  forecast_.follow(image_, *plan_);
  ++plan_number_;
  return *plan_;
}

std::shared_ptr<const plan_orders> site_desk::orders(std::uint64_t tick, instant now) {
  if (has_lost_input()) return lost_input_orders(tick, now);
  auto orders = std::make_shared<plan_orders>();
  orders->tick = tick;
  orders->now = now;
  orders->short_lease = short_lease(now);
  orders->awaited = awaits_;
  awaits_.assign(awaits_.size(), true);
  orders->bay_begin.assign(layout_->bays.size() + 1, 0);
  for (const auto& effect : plan_->effects)
    ++orders->bay_begin[layout_->rows[effect.connector.value()].bay + 1];
  order_phases(phase_orders_);
  for (const auto& order : phase_orders_)
    ++orders->bay_begin[layout_->rows[order.connector.value()].bay + 1];
  for (std::size_t b = 1; b < orders->bay_begin.size(); ++b)
    orders->bay_begin[b] += orders->bay_begin[b - 1];
  orders->orders.resize(plan_->effects.size() + phase_orders_.size());
  auto next = orders->bay_begin;
  for (const auto& effect : plan_->effects) {
    const auto connector = effect.connector.value();
    const bool is_decrease = effect.kind == control::effect_kind::decrease;
    orders->orders[next[layout_->rows[connector].bay]++] = {
        effect.connector, effect.current, plan_->grants[connector].because, is_decrease, 0,
        effect.is_export};
    auto& told = image_.connectors[connector].told;
    image_.connectors[connector].is_export = effect.is_export;
    told = std::max(told, effect.current);
  }
  for (const auto& order : phase_orders_)
    orders->orders[next[layout_->rows[order.connector.value()].bay]++] = order;
  return orders;
}

void site_desk::order_phases(std::vector<plan_order>& out) {
  out.clear();
  for (std::size_t i = 0; i < phases_ordered_.size(); ++i) {
    const auto choice = plan_->phase_choices[i];
    const bool is_asked = layout_->site->connectors[i].can_switch_phases &&
                          choice != image_.connectors[i].lines_now.value_or(choice);
    // Once an episode: an order that was withdrawn must not switch a vehicle that charges.
    const auto wanted = is_asked ? choice : std::uint8_t{0};
    const bool is_new = wanted != 0 && phases_ordered_[i] != wanted;
    phases_ordered_[i] = wanted;
    if (!is_new) continue;
    plan_order order;
    order.connector = domain::connector_index{i};
    order.because = plan_->grants[i].because;
    order.lines = wanted;
    out.push_back(order);
  }
}

std::shared_ptr<const plan_orders> site_desk::safe_orders(std::uint64_t tick, instant now) const {
  auto orders = std::make_shared<plan_orders>();
  orders->tick = tick;
  orders->now = now;
  orders->short_lease = short_lease(now);
  orders->renews = false;
  const auto currents = safe_currents();
  for (const auto& bay : layout_->bays) {
    orders->bay_begin.push_back(static_cast<std::uint32_t>(orders->orders.size()));
    for (const auto connector : bay.connectors) {
      domain::reason because;
      because.which = domain::rule::fallback;
      const bool is_export = image_.connectors[connector.value()].is_export;
      orders->orders.push_back(
          {connector, currents[connector.value()], because, true, 0, is_export});
    }
  }
  orders->bay_begin.push_back(static_cast<std::uint32_t>(orders->orders.size()));
  return orders;
}

std::vector<domain::milliamperes> site_desk::safe_currents() const {
  const auto& site = *layout_->site;
  std::vector<domain::milliamperes> currents;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    const auto& seen = image_.connectors[i];
    const auto& station = site.stations[site.connectors[i].station.value()];
    const auto fallback = control::stations::fallback_told(station).current;
    // Its fallback, and never more than it was told: what nobody measures is not raised (LIM-3).
    // No fallback flows back.
    currents.push_back(seen.is_export ? domain::milliamperes{} : std::min(fallback, seen.told));
  }
  hold_to_orders(currents);
  return currents;
}

bool site_desk::differs_from_recorded() const {
  const auto same = [](const auto& a, const auto& b) { return is_same(a, b); };
  return !std::equal(plan_->grants.begin(), plan_->grants.end(), recorded_grants_.begin(),
                     recorded_grants_.end(), same) ||
         !std::equal(plan_->limits.begin(), plan_->limits.end(), recorded_limits_.begin(),
                     recorded_limits_.end(), same);
}

std::optional<domain::decision> site_desk::decision(domain::epoch owner, domain::seconds every) {
  if (plan_ == nullptr) return std::nullopt;
  if (image_.now - decision_at_ < every && !differs_from_recorded()) return std::nullopt;
  decision_at_ = image_.now;
  recorded_grants_ = plan_->grants;
  recorded_limits_ = plan_->limits;
  domain::decision record;
  record.site = layout_->site->id;
  record.topology_hash = layout_->site->topology_hash;
  record.owner = owner;
  record.plan_number = plan_number_;
  record.at = image_.now;
  record.image_hash = hash_of(image_);
  record.limits = plan_->limits;
  record.grants = plan_->grants;
  return record;
}

std::optional<domain::site_state> site_desk::changelog(domain::epoch owner, instant now) {
  if (!is_changed_ || now - changelog_at_ < changelog_every) return std::nullopt;
  is_changed_ = false;
  changelog_at_ = now;
  domain::site_state state;
  state.site = layout_->site->id;
  state.topology_hash = layout_->site->topology_hash;
  state.owner = owner;
  state.at = now;
  state.plan_number = plan_number_;
  for (const auto& memory : memories_) {
    state.told.insert(state.told.end(), memory.told.begin(), memory.told.end());
    state.sessions.insert(state.sessions.end(), memory.sessions.begin(), memory.sessions.end());
    state.unsettled.insert(state.unsettled.end(), memory.unsettled.begin(),
                           memory.unsettled.end());
  }
  add_profiles(state);
  add_tree(state);
  state.planner_memory = planner_.memory();
  state.node_constraints = orders_.nodes();
  state.connector_constraints = orders_.connectors();
  if (const auto& configured = layout_->site->configured) state.configured = *configured;
  state.shedding = {orders_.shedding(), shedding_.level(), shedding_.changed_at()};
  return state;
}

void site_desk::restore(const domain::site_state& state) {
  plan_number_ = state.plan_number;
  // A memory that this planner cannot read is no harm: turns and ramps begin anew.
  static_cast<void>(planner_.restore(state.planner_memory));
  restore_orders(state);
  restore_nodes(state);
  for (const auto& told : state.told)
    memories_[layout_->rows[told.connector.value()].bay].told.push_back(told);
  for (const auto& session : state.sessions)
    memories_[layout_->rows[session.connector.value()].bay].sessions.push_back(session);
  for (const auto& session : state.unsettled)
    memories_[layout_->rows[session.connector.value()].bay].unsettled.push_back(session);
  for (const auto& profiles : state.profiles)
    memories_[layout_->stations[profiles.station.value()].bay].profiles.push_back(profiles);
}

void site_desk::add_profiles(domain::site_state& state) {
  std::size_t bytes = 0;
  std::uint32_t left_out = 0;
  for (const auto& memory : memories_)
    for (const auto& profiles : memory.profiles) {
      const auto size = profiles.memory->size();
      const bool has_room = bytes + size <= domain::site_state::profile_bytes_max &&
                            state.profiles.size() < domain::site_state::profile_stations_max;
      if (!has_room) {
        ++left_out;
        continue;
      }
      bytes += size;
      state.profiles.push_back(profiles);
    }
  if (left_out > profiles_left_out_)
    safety_events_.push_back(domain::events::profiles_not_kept(here(), left_out));
  profiles_left_out_ = left_out;
}

std::vector<domain::event> site_desk::violation_events() {
  std::vector<domain::event> events;
  const auto changes = followed_violations_.follow(violations(), image_.now);
  for (const auto& violation : changes.raised)
    events.push_back(domain::events::violation_raised(here(), violation));
  for (const auto& violation : changes.cleared)
    events.push_back(domain::events::violation_cleared(here(), violation));
  return events;
}

} // namespace busbar::site
