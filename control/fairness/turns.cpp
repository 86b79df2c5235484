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

/// Nothing but its rest stands against its turn, or the change of its lines: that was chosen
/// because its minimum fits on the lines that it changes to.
bool is_pause_alone(const turn_row& row, const ask& ask) {
  const bool is_let_wait = ask.is_asleep || (ask.may_wait && !ask.is_due);
  return (row.rests_until || row.switches_until) && !row.is_refused && !is_let_wait;
}

/// Admits the minimum, or says which limit makes turns needed: of its lines the one that lacks
/// most.
std::optional<distribution::excess> refusal_of(std::uint32_t connector, const ask& ask,
                                               distribution::splitter& splitter) {
  const connector_index index{connector};
  const auto refusal = splitter.try_raise(index, ask.floor);
  if (!refusal) return std::nullopt;
  return splitter.tightest(index, ask.floor, *refusal);
}

/// A turn that ends early, where a limit falls, is paid for by as much of the wait as it had of a
/// whole turn: one that is cut again and again gets no place before one that has had less.
void end_turn(connector_memory& past, domain::seconds whole, instant now) {
  using std::chrono::milliseconds;
  if (past.on_since && past.waiting_since && *past.waiting_since < now) {
    const auto had = std::clamp(std::chrono::floor<milliseconds>(now - *past.on_since),
                                milliseconds{}, milliseconds{whole});
    const auto paid =
        (now - *past.waiting_since) * had.count() / milliseconds{whole}.count();
    past.waiting_since = *past.waiting_since + paid;
  }
  past.on_since.reset();
  past.held_until.reset();
}

bool is_held(const connector_memory& memory, instant now) {
  return memory.on_since && memory.held_until && now < *memory.held_until;
}

} // namespace

void turn_keeper::call_due(const turn_input& input, std::span<ask> asks,
                           distribution::splitter& splitter, const plan_state& memory) {
  line_.reserve(asks.size());
  find_overdue(input, asks, splitter, memory);
  const bool is_a_few_at_once = input.lets_wait > domain::seconds{};
  const auto called = is_a_few_at_once ? called_at_once(input, memory) : line_.size();
  for (std::size_t i = 0; i < std::min(called, line_.size()); ++i)
    asks[line_[i].connector].is_due = true;
  is_line_waiting_ = called < line_.size();
  for (std::size_t i = 0; i < asks.size(); ++i)
    if (takes_turns(asks[i]) && !asks[i].is_asleep)
      asks[i].is_due |= is_held(memory.connectors[i], input.image.now);
}

instant turn_keeper::due_at(const turn_input& input, std::size_t connector,
                            const connector_memory& past) const {
  const bool is_announced = input.image.connectors[connector].departs_at.has_value();
  const auto longest = is_announced ? input.lets_wait : domain::seconds{};
  return past.waiting_since.value_or(input.image.now) + std::max(settings_.patience, longest);
}

void turn_keeper::find_overdue(const turn_input& input, std::span<const ask> asks,
                               distribution::splitter& splitter, const plan_state& memory) {
  line_.clear();
  bool is_begun = false;
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    const auto& past = memory.connectors[i];
    if (!takes_turns(asks[i]) || asks[i].is_switching || asks[i].is_asleep) continue;
    if (past.on_since || is_resting(past, input.image.now)) continue;
    const auto due = due_at(input, i, past);
    if (due > input.image.now) continue;
    if (!is_begun) splitter.begin_admission(input.fixed, input.bounds);
    is_begun = true;
    // One that does not fit even alone must not keep others from being held.
    if (splitter.try_raise(connector_index{i}, asks[i].floor)) continue;
    splitter.lower(connector_index{i}, milliamperes{});
    line_.push_back({i, due});
  }
  std::ranges::sort(line_, [](const overdue& a, const overdue& b) {
    return std::tuple(a.due, a.connector) < std::tuple(b.due, b.connector);
  });
}

/// As many as empty the line in time, less those that were due before them and have their turn now.
std::size_t turn_keeper::called_at_once(const turn_input& input, const plan_state& memory) const {
  if (line_.empty()) return 0;
  const auto on_min = static_cast<std::size_t>(settings_.on_min.count());
  const auto line_time = static_cast<std::size_t>(settings_.line_time.count());
  const auto places = std::max<std::size_t>(1, (line_.size() * on_min + line_time - 1) / line_time);
  std::size_t taken = 0;
  for (std::size_t i = 0; i < memory.connectors.size(); ++i) {
    const auto& past = memory.connectors[i];
    if (is_held(past, input.image.now) && past.waiting_since &&
        due_at(input, i, past) <= line_.front().due)
      ++taken;
  }
  return places - std::min(places, taken);
}

std::span<const turn_row> turn_keeper::decide(const turn_input& input, std::span<const ask> asks,
                                              distribution::splitter& splitter,
                                              plan_state& memory) {
  rows_.assign(asks.size(), turn_row{});
  if (admit_all(input, asks, splitter, memory)) return rows_;
  splitter.begin_admission(input.fixed, input.bounds);
  line_up(input, asks, memory);
  admit_in_order(asks, splitter, memory, input.image.now);
  line_up_the_rest(input, asks, splitter, memory);
  explain_refusals(input, asks, splitter);
  promise(input, asks, memory);
  return rows_;
}

bool turn_keeper::admit_all(const turn_input& input, std::span<const ask> asks,
                            distribution::splitter& splitter, const plan_state& memory) {
  floors_.assign(input.fixed.begin(), input.fixed.end());
  bool is_anybody_asking = false;
  bool is_anybody_off = false;
  for (std::size_t i = 0; i < asks.size(); ++i) {
    if (asks[i].is_competing) rows_[i].verdict = turn::admitted;
    if (!takes_turns(asks[i])) continue;
    floors_[i] = asks[i].floor;
    is_anybody_asking = true;
    is_anybody_off |= is_resting(memory.connectors[i], input.image.now) || asks[i].is_switching ||
                      asks[i].is_asleep || (asks[i].may_wait && !asks[i].is_due);
  }
  return !is_anybody_asking || (!is_anybody_off && splitter.fits(floors_, input.bounds));
}

bool turn_keeper::is_resting(const connector_memory& memory, instant now) const {
  return memory.off_since && !memory.on_since && now - *memory.off_since < settings_.off_min;
}

void turn_keeper::line_up(const turn_input& input, std::span<const ask> asks,
                          const plan_state& memory) {
  queue_.clear();
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    if (!takes_turns(asks[i])) continue;
    rows_[i].verdict = turn::waiting;
    const auto& past = memory.connectors[i];
    const bool is_let_wait = asks[i].is_asleep || (asks[i].may_wait && !asks[i].is_due);
    if (is_let_wait || asks[i].is_switching || is_resting(past, input.image.now)) continue;
    candidate next{i, 2, due_at(input, i, past), false};
    next.is_on = past.on_since.has_value() || !input.image.connectors[i].told.is_zero();
    if (asks[i].is_due) next.grade = is_held(past, input.image.now) ? 0 : 1;
    queue_.push_back(next);
  }
  const auto key = [&](const candidate& each) {
    const auto& ask = asks[each.connector];
    const bool is_ordered_by_wait = each.grade == 1;
    const auto wait = is_ordered_by_wait ? each.due : instant{};
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
  std::uint32_t place = 0;
  line_length_ = 0;
  for (const auto& next : queue_) {
    rows_[next.connector].place = ++place;
    auto& past = memory.connectors[next.connector];
    is_overdue_refused |= next.grade == 2 && is_line_waiting_;
    if (is_refused(next.connector, asks[next.connector], splitter)) {
      is_overdue_refused |= next.grade == 1;
      rows_[next.connector].place_in_line = ++line_length_;
      continue;
    }
    rows_[next.connector].verdict = turn::admitted;
    const auto longest = is_overdue_refused ? held_longest : now + settings_.on_min;
    if (!past.on_since) past.held_until = longest;
    if (past.held_until) held_longest = std::max(held_longest, *past.held_until);
  }
  const bool is_anybody_overdue = is_overdue_refused || is_line_waiting_;
  new_turns_until_ = is_anybody_overdue ? held_longest : now + settings_.on_min;
}

bool turn_keeper::is_refused(std::uint32_t connector, const ask& ask,
                             distribution::splitter& splitter) {
  const auto refusal = refusal_of(connector, ask, splitter);
  auto& row = rows_[connector];
  row.is_refused = refusal.has_value();
  if (refusal) row.refused_by = *refusal;
  return row.is_refused;
}

/// Those that rest stand behind the line, whose rest ends first before the others; those that sleep
/// or are let wait behind them.
void turn_keeper::line_up_the_rest(const turn_input& input, std::span<const ask> asks,
                                   distribution::splitter& splitter, const plan_state& memory) {
  order_.clear();
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    if (rows_[i].verdict != turn::waiting || rows_[i].place != 0) continue;
    const auto& past = memory.connectors[i];
    if (is_resting(past, input.image.now))
      rows_[i].rests_until = *past.off_since + settings_.off_min;
    if (asks[i].is_switching) rows_[i].switches_until = asks[i].switches_until;
    order_.push_back(i);
  }
  const auto key = [this](std::uint32_t i) {
    const auto& rest = rows_[i].rests_until;
    return std::tuple(!rest.has_value(), rest.value_or(instant{}), i);
  };
  std::sort(order_.begin(), order_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (const auto i : order_) {
    auto& row = rows_[i];
    row.place_in_line = ++line_length_;
    // On the lines that it changes to nothing refuses it.
    if (asks[i].is_switching || is_refused(i, asks[i], splitter)) continue;
    // The next one whose rest ends finds what is left beside this one.
    if (!is_pause_alone(row, asks[i])) splitter.lower(connector_index{i}, milliamperes{});
  }
}

/// FAIR-2: the bound that connectors are told. One that only rests, or only changes its lines, is
/// told the end of that.
void turn_keeper::promise(const turn_input& input, std::span<const ask> asks,
                          const plan_state& memory) {
  const auto takers = std::ranges::count_if(asks, takes_turns);
  for (std::size_t i = 0; i < asks.size(); ++i) {
    auto& row = rows_[i];
    if (row.verdict != turn::waiting) continue;
    const auto& past = memory.connectors[i];
    row.turn_by = due_at(input, i, past) + settings_.on_min * takers;
    if (asks[i].is_asleep && past.probe_at) row.turn_by += *past.probe_at - input.image.now;
    if (!row.rests_until && !row.switches_until) continue;
    const auto pause = std::max(row.rests_until, row.switches_until);
    row.turn_by = is_pause_alone(row, asks[i]) ? *pause : std::max(row.turn_by, *pause);
  }
}

void turn_keeper::explain_refusals(const turn_input& input, std::span<const ask> asks,
                                   distribution::splitter& splitter) {
  splitter.begin_admission(input.fixed, input.bounds);
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    if (rows_[i].verdict != turn::waiting || asks[i].is_switching) continue;
    const auto refusal = refusal_of(i, asks[i], splitter);
    if (refusal) {
      rows_[i].verdict = turn::no_room;
      rows_[i].refused_by = *refusal;
    }
    else splitter.lower(connector_index{i}, milliamperes{});
  }
}

bool turn_keeper::use_spare_room(const turn_input& input, std::span<const ask> asks,
                                 std::span<const milliamperes> targets,
                                 distribution::splitter& splitter, plan_state& memory) {
  bool is_begun = false;
  bool is_anybody_admitted = false;
  const auto last_place = static_cast<std::uint32_t>(queue_.size() + 1);
  for (std::uint32_t i = 0; i < asks.size(); ++i) {
    auto& past = memory.connectors[i];
    const bool is_let_wait =
        (asks[i].may_wait || asks[i].is_asleep) && rows_[i].verdict == turn::waiting;
    if (!is_let_wait || asks[i].is_switching || is_resting(past, input.image.now)) continue;
    if (!is_begun) splitter.begin_admission(targets, input.bounds);
    is_begun = true;
    if (is_refused(i, asks[i], splitter)) continue;
    rows_[i].verdict = turn::admitted;
    rows_[i].place = last_place;
    if (!past.on_since) past.held_until = new_turns_until_;
    is_anybody_admitted = true;
  }
  return is_anybody_admitted;
}

std::span<const turn_row> turn_keeper::hold_to(const turn_input& input,
                                               std::span<const ask> asks,
                                               std::span<const milliamperes> reserved,
                                               std::span<const std::uint32_t> late,
                                               distribution::splitter& splitter) {
  held_rows_.assign(rows_.begin(), rows_.end());
  for (const auto i : late) held_rows_[i] = turn_row{};
  order_.clear();
  for (std::uint32_t i = 0; i < held_rows_.size(); ++i)
    if (held_rows_[i].verdict == turn::admitted && takes_turns(asks[i])) order_.push_back(i);
  const auto is_before = [&](std::uint32_t a, std::uint32_t b) {
    const auto key = [&](std::uint32_t i) {
      const bool is_on = !input.image.connectors[i].told.is_zero();
      return std::tuple(!is_on, rows_[i].place, -int{asks[i].priority}, i);
    };
    return key(a) < key(b);
  };
  std::sort(order_.begin(), order_.end(), is_before);
  splitter.begin_admission(reserved, input.bounds);
  for (const auto i : order_) {
    const auto refusal = refusal_of(i, asks[i], splitter);
    if (!refusal) continue;
    held_rows_[i].verdict = turn::no_room;
    held_rows_[i].refused_by = *refusal;
  }
  return held_rows_;
}

void turn_keeper::remember(const turn_input& input, std::span<const ask> asks,
                           std::span<const domain::decided_grant> grants,
                           plan_state& memory) const {
  for (std::size_t i = 0; i < asks.size(); ++i) {
    auto& past = memory.connectors[i];
    const bool is_on = !grants[i].granted.is_zero();
    if (!takes_turns(asks[i]) || asks[i].is_stopped)
      note_away(input.image.connectors[i], is_on, input.image.now, past);
    else if (!asks[i].is_switching) note_turn(asks[i], is_on, input.image.now, past);
  }
}

/// A blink costs the turn where the current ends with it, and nothing else.
void turn_keeper::note_away(const connector_image& connector, bool is_on, instant now,
                            connector_memory& past) const {
  if (!is_on) end_turn(past, settings_.on_min, now);
  if (!past.away_since) past.away_since = now;
  if (now - *past.away_since < settings_.blink_max) return;
  past.waiting_since.reset();
  if (!connector.wants) past.naps = 0;
}

void turn_keeper::note_turn(const ask& ask, bool is_on, instant now,
                            connector_memory& past) const {
  past.away_since.reset();
  const bool was_served = past.on_since && now - *past.on_since >= settings_.on_min;
  if (was_served) past.waiting_since.reset();
  if (is_on) {
    if (past.on_since) return;
    past.on_since = now;
    if (!past.held_until) past.held_until = now + settings_.on_min;
    return;
  }
  if (past.on_since) past.off_since = now;
  end_turn(past, settings_.on_min, now);
  if (!past.waiting_since && !ask.is_asleep) past.waiting_since = now;
}

} // namespace busbar::control::fairness
