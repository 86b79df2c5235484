#include "site/site_desk.hpp"

#include "domain/events/limits.hpp"
#include "site/departures.hpp"
#include "site/part_bytes.hpp"
#include "site/part_memory.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::site {

using domain::instant;

namespace {

void move_to_end(std::vector<domain::event>& to, std::vector<domain::event> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// Of the newest plan, and of what a meter alone measures, which is of one instant.
std::vector<domain::violation> violations_of(const control::plan& plan, instant now,
                                             const node_flows& flows) {
  auto all = plan.violations;
  std::erase_if(all, [now](const domain::violation& each) {
    return !control::limits::is_said(each, now);
  });
  all.insert(all.end(), flows.quality().begin(), flows.quality().end());
  return all;
}

template <class... Parts>
std::vector<std::uint8_t> bytes_of(instant now, const control::plan* before,
                                   const Parts&... parts) {
  std::vector<std::uint8_t> bytes;
  domain::stream_writer{bytes}.put_signed(now.time_since_epoch().count());
  part_writer out{bytes, now};
  out(parts..., before != nullptr);
  if (before == nullptr) return bytes;
  for (const auto& limit : before->limits) out(limit.reserved);
  for (const auto& grant : before->grants) out(grant.reserved);
  return bytes;
}

/// What stays in the image of a node from plan to plan: of a meter that is lost the load that it
/// showed last.
struct shown_loads {
  std::vector<control::node_image>& nodes;
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    for (auto& node : self.nodes) visit(node.unmanaged);
  }
};

/// A plan that states what was reserved, and nothing else; null where there was none.
std::unique_ptr<control::plan> read_reserves(part_reader& in, const control::image& image) {
  bool is_there = false;
  in(is_there);
  if (!is_there) return nullptr;
  auto before = std::make_unique<control::plan>();
  before->limits.resize(image.nodes.size());
  before->grants.resize(image.connectors.size());
  for (auto& limit : before->limits) in(limit.reserved);
  for (auto& grant : before->grants) in(grant.reserved);
  return before;
}

} // namespace

site_watches::site_watches(const std::shared_ptr<const site_layout>& layout,
                           const control::safety::breaker_settings& guards)
    : meters(layout, guards), flows(layout), left(layout), orders(layout), mode(layout),
      shedding(layout), lines(*layout->site) {}

site_records::site_records(const std::shared_ptr<const site_layout>& layout)
    : state(layout), views(layout), departures(*layout->site), events(layout) {}

site_desk::site_desk(std::shared_ptr<const site_layout> layout,
                     const control::safety::breaker_settings& guards)
    : layout_(std::move(layout)), planner_(layout_->site), watches_(layout_, guards),
      records_(layout_), phases_(*layout_->site) {
  const auto& site = *layout_->site;
  image_.topology = layout_->site;
  image_.nodes.resize(site.nodes.size());
  image_.connectors.resize(site.connectors.size());
  awaits_.resize(layout_->bays.size(), true);
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    // No station has reported yet: unreachable and in its fallback (LIM-3).
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
    take_memory(*report);
    records_.state.note_change();
  }
  watches_.mode.take(report->bay, report->silent_rows < report->rows.size());
  awaits_[report->bay] = report->awaits_plan;
  watches_.meters.guards().take_bay(report->bay, report->has_answering_station);
  if (report->view) records_.views.take(report->bay, report->view);
}

void site_desk::take_nodes(const site_desk& before,
                           const std::vector<std::optional<domain::node_index>>& nodes) {
  watches_.flows.live_limits().take_over(before.watches_.flows.live_limits(), nodes);
  // What stands is said, and is not said again.
  records_.violations = before.records_.violations;
  watches_.meters.take_over(before.watches_.meters, nodes);
}

void site_desk::take(const domain::operator_order& order) {
  watches_.orders.take(order);
  // KEEP-1: it is answered once the log has it, so the state does not wait.
  records_.state.claim();
  // A site in its safe mode tells it with its next tick (LIM-7).
  watches_.mode.tell_again();
}

const control::plan& site_desk::decide(instant now) {
  image_.now = now;
  auto& [state, decisions, views, violations, departures, events] = records_;
  events.set_time(now);
  if (watches_.left.watch(now, image_.nodes, events)) state.note_change();
  watches_.meters.estimate(image_, before_, events);
  watches_.lines.look(image_);
  watches_.mode.watch(events);
  watches_.flows.observe(image_, before_, watches_.meters);
  if (watches_.orders.apply(image_, views.bays(), events)) {
    state.note_change();
    watches_.mode.tell_again();
  }
  const auto& wanted = watches_.orders.book().shedding();
  if (watches_.shedding.observe(wanted, image_, watches_.flows.flows(), before_))
    state.note_change();
  plan_ = before_ = &planner_.decide(image_);
  departures.follow(image_, *plan_);
  ++plan_number_;
  return *plan_;
}

std::shared_ptr<const plan_orders> site_desk::orders(std::uint64_t tick, instant now) {
  if (watches_.mode.is_safe()) return watches_.mode.orders(safe_terms_now(), tick, now);
  auto orders = planned_orders(tick, now);
  const auto& switches = phases_.orders(image_, *plan_);
  for (const auto& effect : plan_->effects)
    ++orders->bay_begin[layout_->rows[effect.connector.value()].bay + 1];
  for (const auto& order : switches)
    ++orders->bay_begin[layout_->rows[order.connector.value()].bay + 1];
  for (std::size_t b = 1; b < orders->bay_begin.size(); ++b)
    orders->bay_begin[b] += orders->bay_begin[b - 1];
  orders->orders.resize(plan_->effects.size() + switches.size());
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
  for (const auto& order : switches)
    orders->orders[next[layout_->rows[order.connector.value()].bay]++] = order;
  return orders;
}

std::shared_ptr<plan_orders> site_desk::planned_orders(std::uint64_t tick, instant now) {
  auto orders = std::make_shared<plan_orders>();
  orders->tick = tick;
  orders->now = now;
  orders->short_lease = watches_.orders.short_lease(now);
  orders->awaited = awaits_;
  awaits_.assign(awaits_.size(), true);
  orders->bay_begin.assign(layout_->bays.size() + 1, 0);
  return orders;
}

std::optional<domain::decision> site_desk::decision(domain::epoch owner, domain::seconds every) {
  if (plan_ == nullptr) return std::nullopt;
  auto record = records_.decisions.record(image_, *plan_, every);
  if (!record) return std::nullopt;
  record->owner = owner;
  record->plan_number = plan_number_;
  return record;
}

std::optional<domain::site_state> site_desk::changelog(domain::epoch owner, instant now) {
  if (!records_.state.is_due(now)) return std::nullopt;
  auto parts = kept();
  parts.desk = bytes_of(now, before_, watches_, records_, phases_, shown_loads{image_.nodes});
  auto state = records_.state.write(parts, now, records_.events);
  state.owner = owner;
  state.plan_number = plan_number_;
  return state;
}

void site_desk::restore(const domain::site_state& state) {
  plan_number_ = state.plan_number;
  records_.state.read(state, kept(), image_.nodes);
  const auto sections = sections_of(state, *layout_->site, layout_->bays.size());
  if (!sections) return;
  domain::stream_reader head{sections->desk};
  const domain::instant base{domain::microseconds{head.signed_number()}};
  part_reader in{head.rest(), base};
  shown_loads shown{image_.nodes};
  in(watches_, records_, phases_, shown);
  of_before_ = read_reserves(in, image_);
  before_ = of_before_.get();
}

std::vector<domain::event> site_desk::take_events() {
  std::vector<domain::event> events;
  const auto changes = records_.violations.follow(
      violations_of(*plan_, image_.now, watches_.flows), image_.now);
  for (const auto& each : changes.raised)
    events.push_back(domain::events::violation_raised(records_.events.here(), each));
  for (const auto& each : changes.cleared)
    events.push_back(domain::events::violation_cleared(records_.events.here(), each));
  move_to_end(events, shortfall_events(records_.departures, image_));
  watches_.shedding.tell(watches_.orders.book().shedding(), *plan_, records_.events);
  move_to_end(events, records_.events.take());
  move_to_end(events, watches_.meters.guards().take_events());
  return events;
}

domain::site_view site_desk::view() const {
  auto view = records_.views.of_bays(image_.now);
  view.plan_number = plan_number_;
  view.mode = watches_.mode.name();
  view.mode_because = watches_.mode.because();
  for (auto& breaker : watches_.meters.guards().views())
    view.breakers.push_back(std::move(breaker));
  const auto& book = watches_.orders.book();
  view.shedding = watches_.shedding.view(book.shedding(), plan_);
  if (plan_ == nullptr) return view;
  records_.views.add_plan(view, image_, *plan_, watches_.meters, watches_.flows);
  watches_.left.add_to(view);
  const auto reliefs = planner_.reliefs(image_);
  for (std::size_t i = 0; i < view.connectors.size(); ++i) {
    auto& connector = view.connectors[i];
    connector.lifted_by = reliefs[i];
    if (connector.because.which == domain::rule::load_shedding)
      connector.lifted_by.level_by_hand = book.shedding().forced_level;
  }
  add_forecasts(records_.departures, view);
  view.violations = violations_of(*plan_, image_.now, watches_.flows);
  view.constraints = book.nodes();
  for (const auto& constraint : book.connectors())
    view.connectors[constraint.connector.value()].constraint = constraint;
  return view;
}

} // namespace busbar::site
