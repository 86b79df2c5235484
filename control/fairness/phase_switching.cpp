#include "control/fairness/phase_switching.hpp"

#include "control/fairness/steps.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::fairness {

using domain::connector_index;
using domain::instant;
using domain::milliamperes;

namespace {

constexpr std::uint8_t one_line = 1;
constexpr std::uint8_t all_lines = 3;

std::uint8_t lines_of(const connector_image& connector) {
  return connector.lines_now == one_line ? one_line : all_lines;
}

void forget_wish(connector_memory& past) {
  past.lines_wanted.reset();
  past.lines_ordered_at.reset();
}

} // namespace

phase_keeper::phase_keeper(const domain::site& topology, const phase_settings& settings)
    : settings_(settings) {
  for (std::uint32_t i = 0; i < topology.connectors.size(); ++i) {
    choices_.push_back(topology.connectors[i].line_count);
    if (topology.connectors[i].can_switch_phases) able_.push_back(i);
  }
  candidates_.reserve(able_.size());
}

bool phase_keeper::counts_on_one(std::uint32_t i, const control::image& image,
                                 const plan_state& memory) const {
  const auto& connector = image.connectors[i];
  // A station that cannot be reached may have started anew, on all of its lines.
  return connector.is_reachable && lines_of(connector) == one_line &&
         !memory.connectors[i].lines_ordered_at;
}

void phase_keeper::follow(const phase_input& input, std::span<ask> asks,
                          distribution::splitter& splitter, plan_state& memory) {
  for (const auto i : able_) {
    auto& past = memory.connectors[i];
    settle(i, input, past);
    const bool is_one = counts_on_one(i, input.image, memory);
    splitter.use_one_line(connector_index{i}, is_one);
    asks[i].lines = domain::first_lines(input.image.topology->connectors[i],
                                        is_one ? one_line : all_lines);
    asks[i].is_switching = past.lines_wanted.has_value();
    if (asks[i].is_switching) asks[i].switches_until = ends_by(past);
  }
}

void phase_keeper::settle(std::uint32_t i, const phase_input& input, connector_memory& past) {
  const auto now = input.image.now;
  const bool is_over = [&] {
    if (!past.lines_wanted || !past.lines_decided_at) return true;
    if (past.lines_ordered_at)
      return lines_of(input.image.connectors[i]) == *past.lines_wanted ||
             now - *past.lines_ordered_at >= settings_.answer;
    return now - *past.lines_decided_at >= settings_.answer;
  }();
  if (is_over) forget_wish(past);
  else if (!past.lines_ordered_at && input.reserves[i].is_zero()) past.lines_ordered_at = now;
  choices_[i] = past.lines_ordered_at ? *past.lines_wanted : lines_of(input.image.connectors[i]);
}

/// A pause that is not followed by the order ends sooner.
domain::maybe<instant> phase_keeper::ends_by(const connector_memory& past) const {
  if (past.lines_ordered_at) return *past.lines_ordered_at + settings_.answer;
  return past.lines_decided_at.value_or(instant{}) + 2 * settings_.answer;
}

void phase_keeper::choose(const phase_input& input, std::span<const ask> asks,
                          std::span<const turn_row> turns, std::span<const milliamperes> targets,
                          distribution::splitter& splitter, plan_state& memory) {
  if (able_.empty()) return;
  suppose(input, asks, turns, splitter, memory);
  back_to_all(input, asks, targets, splitter, memory);
  down_to_one(input, asks, turns, splitter, memory);
  for (const auto i : able_)
    splitter.use_one_line(connector_index{i}, asks[i].lines.count() == one_line);
}

/// Every minimum as if those that are switching had switched.
void phase_keeper::suppose(const phase_input& input, std::span<const ask> asks,
                           std::span<const turn_row> turns, distribution::splitter& splitter,
                           const plan_state& memory) {
  floors_.assign(input.fixed.begin(), input.fixed.end());
  for (std::size_t i = 0; i < asks.size(); ++i)
    if (asks[i].is_competing && (turns[i].verdict == turn::admitted || asks[i].is_switching))
      floors_[i] = asks[i].floor;
  for (const auto i : able_)
    if (const auto& wanted = memory.connectors[i].lines_wanted)
      splitter.use_one_line(connector_index{i}, *wanted == one_line);
}

bool phase_keeper::may_switch(std::uint32_t i, std::uint8_t lines, const phase_input& input,
                              const connector_memory& past) const {
  const auto& connector = input.image.connectors[i];
  const bool is_rested = !past.lines_decided_at ||
                         input.image.now - *past.lines_decided_at >= settings_.dwell;
  return is_rested && !past.lines_wanted && connector.is_reachable && connector.is_available &&
         lines_of(connector) != lines;
}

/// One in a plan, the one that switched longest ago: it gives up its turn for the pause.
void phase_keeper::back_to_all(const phase_input& input, std::span<const ask> asks,
                               std::span<const milliamperes> targets,
                               distribution::splitter& splitter, plan_state& memory) {
  candidates_.clear();
  for (const auto i : able_)
    if (may_switch(i, all_lines, input, memory.connectors[i])) candidates_.push_back(i);
  if (candidates_.empty()) return;
  const auto i = *std::ranges::min_element(candidates_, {}, [&](std::uint32_t each) {
    return std::tuple(memory.connectors[each].lines_decided_at, each);
  });
  const auto before = floors_[i];
  // On three lines it has to get the power that it has on one.
  const auto third = milliamperes{(targets[i].count() + 2) / 3};
  const auto least = asks[i].is_competing
                         ? std::max(asks[i].floor, in_steps_ceil(third, asks[i].step))
                         : milliamperes{};
  floors_[i] = milliamperes{};
  splitter.use_one_line(connector_index{i}, false);
  splitter.begin_admission(floors_, input.bounds);
  if (!splitter.try_raise(connector_index{i}, least)) {
    floors_[i] = least;
    // The order waits for the next plan: this one may still grant it something.
    return want(i, all_lines, input, memory);
  }
  floors_[i] = before;
  splitter.use_one_line(connector_index{i}, true);
  // Then it is the others' time to be looked at.
  memory.connectors[i].lines_decided_at = input.image.now;
}

/// Those whose minimum fits beside the charging ones on one line and not on three.
void phase_keeper::down_to_one(const phase_input& input, std::span<const ask> asks,
                               std::span<const turn_row> turns, distribution::splitter& splitter,
                               plan_state& memory) {
  splitter.begin_admission(floors_, input.bounds);
  candidates_.clear();
  for (const auto i : able_) {
    const bool is_left_out =
        turns[i].verdict == turn::waiting || turns[i].verdict == turn::no_room;
    if (!is_left_out || !input.reserves[i].is_zero() || asks[i].floor.is_zero()) continue;
    if (asks[i].is_asleep) continue;
    if (!may_switch(i, one_line, input, memory.connectors[i])) continue;
    if (splitter.try_raise(connector_index{i}, asks[i].floor)) candidates_.push_back(i);
    else splitter.lower(connector_index{i}, milliamperes{});
  }
  if (candidates_.empty()) return;
  std::ranges::sort(candidates_, {}, [&](std::uint32_t each) {
    const auto& past = memory.connectors[each];
    return std::tuple(past.waiting_since.value_or(input.image.now), each);
  });
  for (const auto i : candidates_) splitter.use_one_line(connector_index{i}, true);
  splitter.begin_admission(floors_, input.bounds);
  for (const auto i : candidates_)
    if (!splitter.try_raise(connector_index{i}, asks[i].floor)) {
      want(i, one_line, input, memory);
      settle(i, input, memory.connectors[i]);
    }
}

void phase_keeper::want(std::uint32_t i, std::uint8_t lines, const phase_input& input,
                        plan_state& memory) {
  auto& past = memory.connectors[i];
  past.lines_wanted = lines;
  past.lines_decided_at = input.image.now;
}

} // namespace busbar::control::fairness
