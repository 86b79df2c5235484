#include "apps/doors/image_ledger.hpp"

#include "site/grant_ledger.hpp"

#include <algorithm>

namespace busbar::apps::doors {

using control::connector_image;
using domain::instant;
using domain::milliamperes;

namespace {

const site::ledger_settings& settings() {
  static const site::ledger_settings the_ledgers;
  return the_ledgers;
}

void forget_in_flight(image_memory& memory) {
  memory.in_flight.reset();
  memory.in_flight_since.reset();
  memory.acknowledged_before = milliamperes{};
}

void note_arrivals(const connector_image& row, instant now, image_memory& memory) {
  if (row.acknowledged <= row.told) memory.owes_since.reset();
  if (!memory.in_flight) return;
  if (row.acknowledged >= *memory.in_flight) memory.acknowledged_before = *memory.in_flight;
  const bool is_last_answered =
      row.acknowledged == row.told && row.told < memory.acknowledged_before;
  const bool is_old = now - *memory.in_flight_since >= settings().raise_after;
  if (is_last_answered || is_old) forget_in_flight(memory);
}

/// SAFE-2 by images: the time in which a vehicle follows, and two readings, as for an excess.
bool is_disobeying(const connector_image& row, instant now, image_memory& memory) {
  auto& since = memory.overdraws_since;
  const bool is_over = row.acknowledged == row.told &&
                       row.drawn > row.told + settings().obedience.margin;
  if (!is_over) since.reset();
  else if (!since) since = now;
  if (since) since = std::min(*since, now);
  return since && now - *since >= settings().excess_after;
}

milliamperes excess_of(const connector_image& row, instant now, image_memory& memory) {
  const auto told = std::max(row.told, row.acknowledged);
  auto& since = memory.exceeds_since;
  if (row.drawn <= told) since.reset();
  else if (!since) since = now;
  const bool is_lasting = since && now - *since >= settings().excess_after;
  return is_lasting ? row.drawn - told : milliamperes{};
}

bool owes_answer(const connector_image& row, instant now, const image_memory& memory) {
  const auto since = memory.owes_since ? memory.owes_since : memory.lowered_at;
  return row.acknowledged > row.told && since && now - *since >= settings().answer_after;
}

bool may_rise(const connector_image& row, instant now, const image_memory& memory) {
  const bool is_lowered_lately =
      memory.lowered_at && now - *memory.lowered_at < settings().raise_after;
  return !memory.in_flight && !(is_lowered_lately && row.acknowledged > row.told);
}

} // namespace

void fill_row(connector_image& row, image_memory& memory, instant now) {
  note_arrivals(row, now, memory);
  row.unanswered = memory.in_flight.value_or(milliamperes{});
  row.reserve = std::max({row.told, row.acknowledged, row.drawn, row.unanswered});
  row.is_disobeying = is_disobeying(row, now, memory);
  row.overdraws_since = memory.overdraws_since;
  row.excess = excess_of(row, now, memory);
  row.owes_answer = owes_answer(row, now, memory);
  row.may_rise = may_rise(row, now, memory);
}

void note_grant(const connector_image& row, milliamperes grant, instant now,
                image_memory& memory) {
  if (grant >= row.told) return;
  memory.lowered_at = now;
  if (!memory.owes_since) memory.owes_since = now;
  if (memory.in_flight) {
    memory.in_flight_since = now;
  } else if (row.told > row.acknowledged) {
    memory.in_flight = row.told;
    memory.acknowledged_before = row.acknowledged;
    memory.in_flight_since = now;
  }
}

void follow_clock(std::span<image_memory> memories, std::optional<instant> at, instant now) {
  const auto back = at && *at > now ? *at - now : domain::microseconds{};
  for (auto& each : memories)
    for (auto* field : {&each.in_flight_since, &each.lowered_at, &each.owes_since,
                        &each.overdraws_since, &each.exceeds_since})
      if (*field) *field = std::min(**field - back, now);
}

} // namespace busbar::apps::doors
