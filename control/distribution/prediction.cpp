// When will a gauge be used up? The predictions of filling.hpp.
#include "control/distribution/filling.hpp"

#include <bit>

namespace busbar::control::distribution {

std::int64_t filling::fine_at(std::uint32_t slot, level at) const {
  return slots_[slot].settled + rise(slots_[slot].rising, at);
}

bool filling::holds_at(std::uint32_t gauge, level at) const {
  return holds(net_, net_.gauges[gauge], left_at(gauge, at),
               [&](std::uint32_t slot) { return fine_at(slot, at); });
}

std::int64_t filling::row_fine_at(std::uint32_t row, level at) const {
  if (phase_[row] == row_phase::done) return fine_[row];
  const auto& wanted = demands_[row];
  return std::clamp(rise(wanted.weight, at), wanted.floor_ma << fine_bits,
                    wanted.cap_ma << fine_bits);
}

kept_room filling::room_at(std::uint32_t gauge, level at) const {
  return room_kept(net_, net_.gauges[gauge],
                   [&](std::uint32_t row) { return row_fine_at(row, at); });
}

wide filling::left_at(std::uint32_t gauge, level at) const {
  const wide limit = bounds_.limit(gauge);
  return net_.sparing_rows.empty() ? limit : limit - room_at(gauge, at).sum();
}

std::uint64_t filling::sparing_weights(std::uint32_t gauge) const {
  std::uint64_t weights = 0;
  if (net_.sparing_rows.empty()) return weights;
  const auto& of = net_.gauges[gauge];
  for_each_sparing(net_, of, [&](std::uint32_t row) {
    if (phase_[row] != row_phase::done && spared_factor(net_, of, row) != 0)
      weights += demands_[row].weight;
  });
  return weights;
}

filling::level filling::predict(std::uint32_t gauge, level now) const {
  const auto& of = net_.gauges[gauge];
  const bool is_sum = (of.is_power() || of.is_linear) && sparing_weights(gauge) == 0;
  return is_sum ? predict_sum(gauge, now) : predict_bent(gauge, now);
}

filling::level filling::first_of(level without_waiting, level with_waiting) const {
  // Nothing rises faster than now before the next floor is passed.
  return std::max(with_waiting, std::min(without_waiting, next_floor()));
}

filling::level filling::predict_sum(std::uint32_t gauge, level now) const {
  const auto& of = net_.gauges[gauge];
  wide settled = 0, rising = 0, waiting = 0, rounding = 0;
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) {
    const std::uint32_t slot = net_.terms[t].slot;
    const auto factor = of.is_power() ? static_cast<std::int64_t>(net_.slot_microvolts[slot]) : 1;
    const auto& state = slots_[slot];
    settled += wide{state.settled} * factor;
    rising += wide{state.rising} * factor;
    waiting += wide{state.waiting} * factor;
    rounding += 2 * factor;
  }
  if (rising == 0 && waiting == 0) return never;
  // Which spare lines here is settled, and so is what is kept for it.
  const wide slack = left_at(gauge, now) - settled;
  if (slack < 0) return now;
  const auto rise_for = [](wide room, wide weight) -> level {
    if (weight == 0) return never;
    if ((room >> (62 - level_shift)) == 0 && (weight >> 62) == 0) {
      return std::min((static_cast<level>(room) << level_shift) / static_cast<level>(weight),
                      never);
    }
    return static_cast<level>(std::min<wide>((room << level_shift) / weight, never));
  };
  const level until = rise_for(slack, rising);
  if (until <= now || waiting == 0) return std::max(until, now);
  const wide room = slack - ((rising * now) >> level_shift) - rounding;
  return first_of(until, room <= 0 ? now : now + rise_for(room, rising + waiting));
}

filling::level filling::grain(std::uint32_t gauge) const {
  const auto& of = net_.gauges[gauge];
  std::uint64_t weights = 1;
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) {
    weights += slots_[net_.terms[t].slot].rising + slots_[net_.terms[t].slot].waiting;
  }
  weights += sparing_weights(gauge);
  return std::bit_floor(std::max<level>((level{1} << 16) / weights, 1));
}

filling::level filling::predict_bent(std::uint32_t gauge, level now) const {
  const auto& of = net_.gauges[gauge];
  std::uint64_t rising = 0, waiting = 0;
  for (std::uint32_t t = of.first_term; t < of.end_term; ++t) {
    rising += slots_[net_.terms[t].slot].rising;
    waiting += slots_[net_.terms[t].slot].waiting;
  }
  const auto sparing = sparing_weights(gauge);
  rising += sparing;
  if (rising == 0 && waiting == 0) return never;
  if (!holds_at(gauge, now)) return now;
  const level grain = this->grain(gauge);
  const level guess = guess_bent(gauge, now, rising + waiting);
  const auto holds_without_waiting = [&](level at) { return holds_at(gauge, at); };
  const level until = rising == 0 ? never : last_holding(now, grain, guess, holds_without_waiting);
  if (until <= now || waiting == 0) return until;
  const auto holds_with_waiting = [&](level at) {
    return holds(net_, of, left_at(gauge, at), [&](std::uint32_t slot) {
      const auto& state = slots_[slot];
      return fine_at(slot, now) + rise(state.rising + state.waiting, at - now) + 2;
    });
  };
  return first_of(until, last_holding(now, grain, guess, holds_with_waiting));
}

/// How far the gauge is likely to hold from `now`: up to a sum of magnitudes as large as the limit.
filling::level filling::guess_bent(std::uint32_t gauge, level now, std::uint64_t weight) const {
  const auto& of = net_.gauges[gauge];
  const auto fine_of = [&](std::uint32_t slot) { return fine_at(slot, now); };
  wide room = left_at(gauge, now);
  if (of.is_power()) {
    std::uint64_t most = 1;
    for (std::uint32_t t = of.first_term; t < of.end_term; ++t)
      most = std::max(most, net_.slot_microvolts[net_.terms[t].slot]);
    room = (room - power_sum(net_, of, fine_of)) / static_cast<std::int64_t>(most);
  } else {
    angle_sums sums;
    sum_angles(net_, of, fine_of, sums);
    room -= sums.total;
  }
  return room <= 0 ? 0 : static_cast<level>(std::min<wide>((room << level_shift) / weight, never));
}

template <class Holds>
filling::level filling::last_holding(level now, level grain, level guess, Holds holds_until) {
  // What is allowed is convex, so that it is left only once on the way up.
  level step = std::max(std::bit_floor(guess / 8), grain);
  level held = now;
  const level first = std::min(now + guess / grain * grain, never);
  if (first > now && holds_until(first)) held = first;
  while (held + step < never && holds_until(held + step)) {
    held += step;
    step *= 2;
  }
  if (held + step >= never) return never;
  while (step > grain) {
    step /= 2;
    if (holds_until(held + step)) held += step;
  }
  return held;
}

} // namespace busbar::control::distribution
