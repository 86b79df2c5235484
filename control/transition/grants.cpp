#include "control/transition/grants.hpp"

#include "control/fairness/shares.hpp"
#include "control/fairness/steps.hpp"
#include "control/transition/reserve.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::transition {

using domain::connector_index;
using domain::milliamperes;
using fairness::in_steps_floor;

namespace {

/// Whether `load` is more than a bound allows.
bool exceeds(const distribution::node_load& load, const distribution::node_bounds& bounds) {
  bool is_over = bounds.power && load.power > *bounds.power;
  for (std::size_t i = 0; i < 3; ++i) {
    is_over |= bounds.line && load.line[i] > (*bounds.line)[i];
    is_over |= bounds.primary_line && load.primary_line[i] > (*bounds.primary_line)[i];
  }
  return is_over;
}

} // namespace

grant_keeper::grant_keeper(const domain::site& topology) : topology_(topology) {
  raised_.reserve(topology.connectors.size());
}

std::span<const milliamperes> grant_keeper::decide(const grant_input& input,
                                                   distribution::splitter& splitter,
                                                   plan_state& memory) {
  propose(input, memory);
  space_out(input, splitter, memory);
  if (!raised_.empty() && !splitter.fits(wished_, input.bounds)) {
    drop_blocked(input, splitter);
    admit_minima(input, splitter);
    share_room(input, splitter);
  } else {
    for (const auto i : raised_)
      grants_[i] = in_steps_floor(std::min(ramped_[i], input.targets[i]), input.asks[i].step);
  }
  for (std::size_t i = 0; i < grants_.size(); ++i)
    if (grants_[i] > input.image.connectors[i].told)
      memory.connectors[i].raised_at = input.image.now;
  return grants_;
}

/// Fills the grants with what can be told without room: decreases, and what is told already.
void grant_keeper::propose(const grant_input& input, const plan_state& memory) {
  grants_.resize(input.targets.size());
  wished_.assign(input.reserves.begin(), input.reserves.end());
  ramped_.resize(input.targets.size());
  raised_.clear();
  for (std::uint32_t i = 0; i < input.targets.size(); ++i) {
    const auto& connector = input.image.connectors[i];
    const auto& ask = input.asks[i];
    grants_[i] = connector.is_zeroed ? milliamperes{} : connector.told;
    if (!connector.is_reachable || connector.is_zeroed) continue;
    const auto kept = in_steps_floor(std::min(connector.told, input.targets[i]), ask.step);
    grants_[i] = kept < ask.floor ? milliamperes{} : kept;
    if (!connector.may_rise) continue;
    const auto wish = ramped(input, i, memory);
    if (wish <= grants_[i]) continue;
    raised_.push_back(i);
    ramped_[i] = wish;
    wished_[i] = std::max(wished_[i], wish);
  }
}

milliamperes grant_keeper::ramped(const grant_input& input, std::size_t connector,
                                  const plan_state& memory) const {
  const auto target = input.targets[connector];
  if (!topology_.ramping) return target;
  const auto& ramp = *topology_.ramping;
  const auto per_second = up_per_second(input, connector);
  const auto told = input.image.connectors[connector].told;
  const auto& ask = input.asks[connector];
  if (target <= told || (!told.is_zero() && target - told < ramp.dead_band)) return told;
  const auto last = memory.connectors[connector].raised_at;
  if (!last) return std::max(ask.floor, std::min(target, told + per_second));
  // What is saved up since the last raise fills a coarse step in the end, and no more than that:
  // otherwise a grant that stood for long would jump.
  const auto grown_by = [&](domain::instant since) {
    constexpr std::int64_t second = 1'000'000;
    constexpr std::int64_t elapsed_max = 3600 * second;
    const auto elapsed =
        std::clamp<std::int64_t>((input.image.now - since).count(), 0, elapsed_max);
    return milliamperes{per_second.count() * elapsed / second};
  };
  const auto in_one_plan = std::max(ask.step, grown_by(memory.at.value_or(*last)));
  const auto room = std::min(grown_by(*last), in_one_plan);
  return std::min(target, std::max(ask.floor, in_steps_floor(told + room, ask.step)));
}

milliamperes grant_keeper::up_per_second(const grant_input& input, std::size_t connector) const {
  const auto& ramp = *topology_.ramping;
  const bool is_dc = topology_.connectors[connector].kind == domain::current_kind::dc;
  const auto per_ampere = input.milliwatts_per_ampere[connector];
  if (!is_dc || !ramp.dc_up_per_second || per_ampere <= 0) return ramp.up_per_second;
  return milliamperes{ramp.dc_up_per_second->count() * 1'000'000 / per_ampere};
}

void grant_keeper::drop_blocked(const grant_input& input, distribution::splitter& splitter) {
  if (!splitter.first_excess(input.reserves, input.bounds)) return;
  const auto& loads = splitter.reserved(input.reserves);
  is_blocked_.assign(loads.size(), false);
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const auto& parent = topology_.nodes[i].parent;
    is_blocked_[i] = exceeds(loads[i], input.bounds[i]) || (parent && is_blocked_[parent->value()]);
  }
  std::erase_if(raised_, [&](std::uint32_t i) {
    const auto& station = topology_.stations[topology_.connectors[i].station.value()];
    return is_blocked_[station.parent.value()];
  });
}

/// LIM-8 (line_raises.hpp).
void grant_keeper::space_out(const grant_input& input, distribution::splitter& splitter,
                             const plan_state& memory) {
  const auto leaves_lines_out = [&](std::uint32_t i) {
    return input.asks[i].lines.count() < 3 && splitter.can_spare_lines(connector_index{i});
  };
  if (std::none_of(raised_.begin(), raised_.end(), leaves_lines_out)) return;
  drop_blocked(input, splitter);
  is_held_.assign(grants_.size(), false);
  for (const auto i : raised_) is_held_[i] = true;
  line_raises_.clear();
  for (std::uint32_t i = 0; i < grants_.size(); ++i) {
    if (!leaves_lines_out(i)) continue;
    const auto& connector = input.image.connectors[i];
    // A clock that was set back does not keep it settling until it has caught up.
    const auto raised_at = std::min(memory.connectors[i].raised_at.value_or(domain::instant{}),
                                    input.image.now);
    line_raises_.push_back({i, connector.told, raised_at,
                            measured_at(connector, input.image.now), is_held_[i]});
  }
  permit_raises(line_raises_, topology_.lines.changes_at_once);
  is_held_.assign(grants_.size(), false);
  for (const auto& row : line_raises_)
    is_held_[row.connector] = row.is_wished && !row.is_permitted;
  std::erase_if(raised_, [&](std::uint32_t i) {
    if (is_held_[i]) wished_[i] = input.reserves[i];
    return is_held_[i];
  });
}

/// A connector below its minimum needs room for all of it, or gets none. The line decides, and
/// where there is none, the longest wait: with answers and plans that take long, a later one might
/// find the room taken every time.
void grant_keeper::admit_minima(const grant_input& input, distribution::splitter& splitter) {
  const auto key = [&](std::uint32_t i) {
    const auto& ask = input.asks[i];
    return std::tuple(input.turns[i].place, ask.turn_rank, -ask.deficit, -int{ask.priority}, i);
  };
  std::sort(raised_.begin(), raised_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  splitter.begin_admission(input.reserves, input.bounds);
  std::erase_if(raised_, [&](std::uint32_t i) {
    const auto floor = std::max(input.asks[i].floor, input.reserves[i]);
    return grants_[i] < input.asks[i].floor && splitter.try_raise(connector_index{i}, floor);
  });
}

void grant_keeper::share_room(const grant_input& input, distribution::splitter& splitter) {
  if (raised_.empty()) return;
  demands_.resize(input.targets.size());
  fairness::scale_weights(input.asks, weights_);
  for (std::size_t i = 0; i < demands_.size(); ++i)
    demands_[i] = {input.reserves[i], input.reserves[i], input.asks[i].step, weights_[i]};
  for (const auto i : raised_) {
    demands_[i].floor = std::max(input.reserves[i], input.asks[i].floor);
    demands_[i].cap = std::max(demands_[i].floor, wished_[i]);
  }
  const auto& outcome = splitter.split(demands_, input.bounds);
  for (const auto i : raised_) {
    const auto most = std::min({outcome.stepped[i], ramped_[i], input.targets[i]});
    const auto grant = in_steps_floor(most, input.asks[i].step);
    if (grant >= input.asks[i].floor) grants_[i] = std::max(grants_[i], grant);
  }
}

} // namespace busbar::control::transition
