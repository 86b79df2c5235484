#include "control/fairness/sleepers.hpp"

#include <algorithm>

namespace busbar::control::fairness {

using domain::instant;
using domain::seconds;

namespace {

constexpr seconds nap_max = std::chrono::hours{4};
/// So many turns slept through in a row are kept within the patience.
constexpr std::int64_t naps_within_patience = 4;
constexpr std::int64_t naps_max = 16;

/// A probe of all sleepers, one after the other, takes this part of the time at most.
constexpr std::int64_t probes_divisor = 3;

seconds probe_of(const domain::turn_settings& settings) { return settings.asleep_after / 2; }

seconds nap_after(const domain::turn_settings& settings, std::int64_t naps, std::int64_t sleepers) {
  const bool is_long = naps > naps_within_patience;
  const auto doublings = std::clamp<std::int64_t>(is_long ? naps - naps_within_patience : naps - 1,
                                                  0, 8);
  const auto crowd = probe_of(settings) * probes_divisor * sleepers;
  const auto bound = settings.patience + settings.on_min * sleepers;
  const auto within = std::max(settings.patience, std::min({crowd * 3, bound, nap_max}));
  const auto first = is_long ? within : std::max(settings.probe_after, crowd);
  const auto most = is_long ? nap_max : within;
  return std::min(first * (std::int64_t{1} << doublings), std::max(most, settings.probe_after));
}

/// FNV-1a over what people set, in 39 bits: JSON carries it.
std::int64_t wish_of(const connector_image& connector) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto add = [&](std::int64_t value) {
    hash = (hash ^ static_cast<std::uint64_t>(value)) * 1'099'511'628'211U;
  };
  const auto time = [](domain::maybe<instant> at) {
    return at ? std::int64_t{at->time_since_epoch().count()} : -1;
  };
  add(time(connector.arrived_at));
  add(time(connector.departs_at));
  add(connector.energy_needed ? connector.energy_needed->count() : -1);
  add(connector.soc_target ? connector.soc_target->count() : -1);
  return static_cast<std::int64_t>(hash >> 25);
}

void fall_asleep(const domain::turn_settings& settings, const connector_image& connector,
                 std::int64_t sleepers, instant now, connector_memory& memory) {
  memory.naps = std::min(memory.naps + 1, naps_max);
  memory.probe_at = now + nap_after(settings, memory.naps, sleepers);
  memory.asleep_as = wish_of(connector);
  // It has had its turn.
  memory.waiting_since.reset();
}

void wake(connector_memory& memory) {
  memory.unused_since.reset();
  memory.probe_at.reset();
}

} // namespace

std::int64_t count_sleepers(std::span<const connector_memory> memory) {
  return std::ranges::count_if(memory, [](const auto& each) { return each.naps > 0; });
}

bool is_asleep(const domain::turn_settings& settings, const connector_image& connector,
               std::int64_t sleepers, instant now, connector_memory& memory) {
  // What cannot be reached says nothing new.
  if (!connector.is_reachable) return memory.probe_at && now < *memory.probe_at;
  if (connector.drawn >= awake_from || connector.gives_back) memory.naps = 0;
  if (connector.drawn >= awake_from || connector.gives_back || !connector.wants) wake(memory);
  if (memory.probe_at && memory.asleep_as != wish_of(connector)) wake(memory);
  const bool is_offered = connector.wants && !connector.told.is_zero() &&
                          connector.acknowledged == connector.told &&
                          connector.drawn < awake_from && !connector.gives_back;
  if (!is_offered) memory.unused_since.reset();
  else if (!memory.unused_since) memory.unused_since = now;
  const auto patience = memory.naps == 0 ? domain::microseconds{settings.asleep_after}
                                         : domain::microseconds{probe_of(settings)};
  const bool has_slept = memory.unused_since && now - *memory.unused_since >= patience;
  const bool is_due = !memory.probe_at || now >= *memory.probe_at;
  if (has_slept && is_due) fall_asleep(settings, connector, sleepers, now, memory);
  return memory.probe_at && now < *memory.probe_at;
}

bool takes_nothing(domain::policy policy, const connector_image& connector) {
  const bool is_full = connector.soc && *connector.soc >= domain::permille{1'000};
  if (is_full && policy != domain::policy::soc_deficit) return true;
  return connector.energy_needed && *connector.energy_needed <= domain::watt_hours{};
}

seconds longest_nap(const domain::turn_settings& settings) {
  return std::max({nap_max, settings.patience, settings.probe_after});
}

} // namespace busbar::control::fairness
