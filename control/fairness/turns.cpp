#include "control/fairness/turns.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::fairness {

using domain::connector_index;
using domain::instant;
using domain::milliamperes;

namespace {

/// Connectors that charge with any current have no minimum to wait for.
bool takes_turns(const ask& ask) {
  return ask.is_competing && !ask.floor.is_zero() && ask.cap >= ask.floor;
}

} // namespace

std::span<const turn_row> turn_keeper::decide(std::span<const ask> asks, const image& image,
                                              std::span<const milliamperes> fixed,
                                              std::span<const distribution::node_bounds> bounds,
                                              distribution::splitter& splitter,
                                              plan_state& memory) {
  rows_.assign(asks.size(), turn_row{});
  if (!admit_all(asks, fixed, bounds, splitter, memory, image.now)) {
    splitter.begin_admission(fixed, bounds);
    line_up(asks, image, memory, splitter);
    admit_in_order(asks, splitter, memory, image.now);
    explain_refusals(asks, fixed, bounds, splitter);
  }
  remember(asks, memory, image.now);
  return rows_;
}

bool turn_keeper::admit_all(std::span<const ask> asks, std::span<const milliamperes> fixed,
                            std::span<const distribution::node_bounds> bounds,
                            distribution::splitter& splitter, const plan_state& memory,
                            instant now) {
  floors_.assign(fixed.begin(), fixed.end());
  bool is_anybody_asking = false;
  bool is_anybody_resting = false;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (asks[i].is_competing) rows_[i].verdict = turn::admitted;
    if (!takes_turns(asks[i])) continue;
    floors_[i] = asks[i].floor;
    is_anybody_asking = true;
    is_anybody_resting |= is_resting(memory.connectors[i], now);
  }
  return !is_anybody_asking || (!is_anybody_resting && splitter.fits(floors_, bounds));
}

bool turn_keeper::is_resting(const connector_memory& memory, instant now) const {
  return memory.off_since && !memory.on_since && now - *memory.off_since < settings_.off_min;
}

void turn_keeper::line_up(std::span<const ask> asks, const image& image, const plan_state& memory,
                          distribution::splitter& splitter) {
  queue_.clear();
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    if (!takes_turns(asks[i])) continue;
    rows_[i].verdict = turn::waiting;
    const auto& past = memory.connectors[i];
    if (is_resting(past, image.now)) continue;
    candidate next{i, 2, past.waiting_since.value_or(image.now), false};
    next.is_on = past.on_since.has_value() || !image.connectors[i].told.is_zero();
    const bool is_held = past.on_since && past.held_until && image.now < *past.held_until;
    const bool is_overdue = past.waiting_since && !past.on_since &&
                            image.now - *past.waiting_since >= settings_.patience;
    // One that does not fit even alone must not keep others from being held.
    if (is_held) next.grade = 0;
    else if (is_overdue && !splitter.try_raise(connector_index{i}, asks[i].floor)) {
      next.grade = 1;
      splitter.lower(connector_index{i}, milliamperes{});
    }
    queue_.push_back(next);
  }
  const auto key = [&](const candidate& each) {
    const auto& ask = asks[each.connector];
    const bool is_ordered_by_wait = each.grade == 1;
    const auto wait = is_ordered_by_wait ? each.waiting_since : instant{};
    const int priority = is_ordered_by_wait ? 0 : -int{ask.priority};
    const auto turn_rank = is_ordered_by_wait ? 0U : ask.turn_rank;
    return std::tuple(each.grade, wait, turn_rank, priority, -ask.deficit, !each.is_on, ask.rank,
                      each.connector);
  };
  std::sort(queue_.begin(), queue_.end(),
            [&](const candidate& a, const candidate& b) { return key(a) < key(b); });
}

void turn_keeper::admit_in_order(std::span<const ask> asks, distribution::splitter& splitter,
                                 plan_state& memory, instant now) {
  instant held_longest = now;
  bool is_overdue_refused = false;
  for (const auto& next : queue_) {
    auto& past = memory.connectors[next.connector];
    const auto refusal =
        splitter.try_raise(connector_index{next.connector}, asks[next.connector].floor);
    if (refusal) {
      is_overdue_refused |= next.grade == 1;
      continue;
    }
    rows_[next.connector].verdict = turn::admitted;
    const auto longest = is_overdue_refused ? held_longest : now + settings_.on_min;
    if (!past.on_since) past.held_until = longest;
    if (past.held_until) held_longest = std::max(held_longest, *past.held_until);
  }
}

void turn_keeper::explain_refusals(std::span<const ask> asks, std::span<const milliamperes> fixed,
                                   std::span<const distribution::node_bounds> bounds,
                                   distribution::splitter& splitter) {
  splitter.begin_admission(fixed, bounds);
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    if (rows_[i].verdict != turn::waiting) continue;
    const auto refusal = splitter.try_raise(connector_index{i}, asks[i].floor);
    if (refusal) rows_[i] = {turn::no_room, *refusal};
    else splitter.lower(connector_index{i}, milliamperes{});
  }
}

void turn_keeper::remember(std::span<const ask> asks, plan_state& memory, instant now) const {
  for (std::size_t i = 0; i < asks.size(); ++i) {
    auto& past = memory.connectors[i];
    if (!takes_turns(asks[i])) {
      past.waiting_since.reset();
      past.on_since.reset();
      past.off_since.reset();
      past.held_until.reset();
      continue;
    }
    const bool was_served = past.on_since && now - *past.on_since >= settings_.on_min;
    if (was_served) past.waiting_since.reset();
    if (rows_[i].verdict == turn::admitted) {
      if (!past.on_since && !past.held_until) past.held_until = now + settings_.on_min;
      if (!past.on_since) past.on_since = now;
      continue;
    }
    if (past.on_since) past.off_since = now;
    past.on_since.reset();
    past.held_until.reset();
    if (!past.waiting_since) past.waiting_since = now;
  }
}

} // namespace busbar::control::fairness
