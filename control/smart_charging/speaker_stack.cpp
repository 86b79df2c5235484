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

/// The leading one of those seen so far that have a period in force.
class leader {
public:
  leader(const profile_store& store, std::int32_t viewer, instant now)
      : store_(store), viewer_(viewer), now_(now) {}

  void hear(const installed_profile& entry) {
    if (entry_ && rank_of(*entry_) < rank_of(entry)) return;
    profile_cursor cursor(entry.profile, origin_of(store_, entry, viewer_, now_));
    const auto* period = cursor.advance(now_);
    if (!period) return;
    entry_ = &entry;
    said_ = {period, &entry.profile};
  }
  [[nodiscard]] speech said() const { return said_; }

private:
  const profile_store& store_;
  std::int32_t viewer_;
  instant now_;
  const installed_profile* entry_ = nullptr;
  speech said_;
};

} // namespace

speech said_by_connector(const profile_store& store, std::int32_t connector, instant now) {
  leader found(store, connector, now);
  if (connector == 0 || !store.running(connector)) return {};
  for (const auto place : {0, connector})
    for (const auto& entry : store.installed_on(place))
      if (entry.profile.serves != purpose::charge_point_max) found.hear(entry);
  return found.said();
}

speech said_by_station(const profile_store& store, std::int32_t viewer, instant now) {
  leader found(store, viewer, now);
  for (const auto& entry : store.installed_on(0))
    if (entry.profile.serves == purpose::charge_point_max) found.hear(entry);
  return found.said();
}

void speaker_stack::add(const profile_store& store, const installed_profile& entry,
                        std::int32_t viewer, instant now) {
  cursors_.emplace_back(entry.profile, origin_of(store, entry, viewer, now));
}

speaker_stack speaker_stack::of_connector(const profile_store& store, std::int32_t connector,
                                          instant now) {
  speaker_stack stack;
  if (!store.running(connector)) return stack;
  std::vector<const installed_profile*> entries;
  for (const auto place : {0, connector})
    for (const auto& entry : store.installed_on(place))
      if (entry.profile.serves != purpose::charge_point_max) entries.push_back(&entry);
  for (const auto* entry : ranked(std::move(entries))) stack.add(store, *entry, connector, now);
  return stack;
}

speaker_stack speaker_stack::of_station(const profile_store& store, std::int32_t viewer,
                                        instant now) {
  speaker_stack stack;
  std::vector<const installed_profile*> entries;
  for (const auto& entry : store.installed_on(0))
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
  looked_at_ = 0;
  if (now < changes_at_) return said_;
  said_ = {};
  changes_at_ = instant::max();
  for (auto& cursor : cursors_) {
    const auto* period = cursor.advance(now);
    ++looked_at_;
    changes_at_ = std::min(changes_at_, cursor.changes_at());
    if (!period) continue;
    said_ = {period, &cursor.profile()};
    break;
  }
  return said_;
}

} // namespace busbar::control::smart_charging
