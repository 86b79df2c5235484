#include "control/fairness/policies/entries.hpp"
#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <limits>

namespace busbar::control::fairness::policies {

namespace {

constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();

/// Microseconds that the energy still needed takes at the cap, rounded up.
std::int64_t time_needed(domain::watt_hours energy, domain::milliamperes cap,
                         std::int64_t milliwatts_per_ampere) {
  constexpr limits::wide microseconds_per_hour = 3'600'000'000;
  const limits::wide microwatts = limits::wide{cap.count()} * milliwatts_per_ampere;
  if (microwatts <= 0) return last;
  const auto time = limits::ceil_of(
      limits::wide{energy.count()} * microseconds_per_hour * 1'000'000, microwatts);
  return static_cast<std::int64_t>(std::min<limits::wide>(time, last));
}

std::int64_t laxity(const connector_image& vehicle, domain::instant now, const ask& ask,
                    std::int64_t milliwatts_per_ampere) {
  if (!vehicle.departs_at) return last;
  const std::int64_t stays = (*vehicle.departs_at - now).count();
  const auto energy = vehicle.energy_needed.value_or(domain::watt_hours{});
  const std::int64_t needed = time_needed(energy, ask.cap, milliwatts_per_ampere);
  return needed > last / 2 ? -last : stays - needed;
}

} // namespace

policy_entry least_laxity() {
  const auto arrange = [](const policy_input& input, std::span<ask> asks) {
    for (std::size_t i = 0; i < asks.size(); ++i)
      asks[i].rank = laxity(input.image.connectors[i], input.image.now, asks[i],
                            input.milliwatts_per_ampere[i]);
  };
  return {domain::policy::least_laxity, true, {}, arrange, nullptr};
}

} // namespace busbar::control::fairness::policies
