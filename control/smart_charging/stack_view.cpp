#include "control/smart_charging/stack_view.hpp"

#include "control/smart_charging/combination.hpp"

#include <algorithm>
#include <cassert>
#include <map>

namespace busbar::control::smart_charging {
namespace {

void add_stretch(level_view& view, const contribution& next, instant from) {
  view.in_force += next.end - next.start;
  if (next.leads) view.leading += next.end - next.start;
  if (next.start == from) {
    view.speaks_now = true;
    view.leads_now = next.leads;
  }
  auto& list = view.contributions;
  const bool goes_on = !list.empty() && list.back().end == next.start &&
                       list.back().limit_tenths == next.limit_tenths &&
                       list.back().phases == next.phases && list.back().leads == next.leads;
  if (goes_on) list.back().end = next.end;
  else list.push_back(next);
}

/// Walks one profile and the stack that it belongs to side by side.
level_view view_of(const installed_profile& entry, time_origin origin, speaker_stack stack,
                   instant from, instant until) {
  level_view view{.entry = &entry, .contributions = {}};
  profile_cursor own(entry.profile, origin);
  for (instant at = from; at < until;) {
    const auto* period = own.advance(at);
    const auto said = stack.advance(at);
    const instant end = std::min({own.changes_at(), stack.changes_at(), until});
    if (period)
      add_stretch(view,
                  {at, end, period->limit_tenths, period->phases, said.profile == &entry.profile},
                  from);
    at = end;
  }
  return view;
}

} // namespace

std::vector<level_view> view_stack(const profile_store& store, std::int32_t connector,
                                   instant from, instant until) {
  assert(connector > 0 && store.has_connector(connector) && until >= from);
  const auto station = speaker_stack::of_station(store, connector, from);
  const auto own = speaker_stack::of_connector(store, connector, from);
  std::vector<level_view> views;
  for (const auto* stack : {&station, &own})
    for (const auto* profile : stack->ranking()) {
      const auto* entry = store.find(profile->id);
      const auto origin = origin_of(store, *entry, connector, from);
      views.push_back(view_of(*entry, origin, *stack, from, until));
    }
  return views;
}

std::vector<held_amount> amounts_held(const profile_store& store, std::int32_t connector,
                                      const std::vector<wish>& wishes) {
  assert(connector > 0 && store.has_connector(connector));
  std::map<std::int32_t, held_amount> amounts;
  if (wishes.empty()) return {};
  const auto from = wishes.front().at;
  const combiner combine(store.settings(), rate_unit::watt);
  auto station = speaker_stack::of_station(store, connector, from);
  auto own = speaker_stack::of_connector(store, connector, from);
  for (const auto& each : wishes)
    for (instant at = each.at; at < each.at + each.length;) {
      const auto found = combine.of_connector(own.advance(at), station.advance(at));
      const auto end =
          std::min({own.changes_at(), station.changes_at(), each.at + each.length});
      if (found.held_by && *found.scaled < each.power_tenths_w) {
        auto& held = amounts[found.held_by->id];
        held.profile = found.held_by->id;
        held.time += end - at;
        held.tenth_watt_seconds += (each.power_tenths_w - *found.scaled) * (end - at).count();
      }
      at = end;
    }
  std::vector<held_amount> result;
  for (const auto& [id, held] : amounts) result.push_back(held);
  return result;
}

std::vector<held_back> effectiveness(const profile_store& store, std::int32_t connector,
                                     const std::vector<wish>& wishes) {
  std::vector<held_back> result;
  for (const auto& held : amounts_held(store, connector, wishes))
    result.push_back(held.in_watt_hours());
  return result;
}

} // namespace busbar::control::smart_charging
