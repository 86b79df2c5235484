#include "control/smart_charging/speaker_stack.hpp"

#include "control/smart_charging/composite.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::smart_charging {
namespace {

/// Sorts leading profiles first. Ids make it total; two of one rank never speak at once in a store.
auto rank_of(const installed_profile& entry) {
  return std::tuple{entry.profile.serves != purpose::tx, -entry.profile.stack_level,
                    entry.connector == 0, entry.profile.id};
}

std::vector<const installed_profile*> ranked(std::vector<const installed_profile*> entries) {
  std::ranges::sort(entries, [](const auto* one, const auto* other) {
    return rank_of(*one) < rank_of(*other);
  });
  return entries;
}

} // namespace

void speaker_stack::add(const profile_store& store, const installed_profile& entry,
                        std::int32_t viewer, instant now) {
  cursors_.emplace_back(entry.profile, origin_of(store, entry, viewer, now));
}

speaker_stack speaker_stack::of_connector(const profile_store& store, std::int32_t connector,
                                          instant now) {
  speaker_stack stack;
  if (!store.running(connector)) return stack;
  std::vector<const installed_profile*> entries;
  for (const auto& entry : store.installed()) {
    const bool is_here = entry.connector == connector || entry.connector == 0;
    if (is_here && entry.profile.serves != purpose::charge_point_max) entries.push_back(&entry);
  }
  for (const auto* entry : ranked(std::move(entries))) stack.add(store, *entry, connector, now);
  return stack;
}

speaker_stack speaker_stack::of_station(const profile_store& store, std::int32_t viewer,
                                        instant now) {
  speaker_stack stack;
  std::vector<const installed_profile*> entries;
  for (const auto& entry : store.installed())
    if (entry.profile.serves == purpose::charge_point_max) entries.push_back(&entry);
  for (const auto* entry : ranked(std::move(entries))) stack.add(store, *entry, viewer, now);
  return stack;
}

std::vector<const charging_profile*> speaker_stack::ranking() const {
  std::vector<const charging_profile*> profiles;
  for (const auto& cursor : cursors_) profiles.push_back(&cursor.profile());
  return profiles;
}

speech speaker_stack::advance(instant now) {
  if (now < changes_at_) return said_;
  said_ = {};
  changes_at_ = instant::max();
  for (auto& cursor : cursors_) {
    const auto* period = cursor.advance(now);
    changes_at_ = std::min(changes_at_, cursor.changes_at());
    if (!period) continue;
    said_ = {period, &cursor.profile()};
    break;
  }
  return said_;
}

} // namespace busbar::control::smart_charging
