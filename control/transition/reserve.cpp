#include "control/transition/reserve.hpp"

#include <algorithm>

namespace busbar::control::transition {

using domain::milliamperes;

namespace {

void forget_in_flight(connector_memory& memory) {
  memory.in_flight.reset();
  memory.in_flight_since.reset();
  memory.acknowledged_before = milliamperes{};
}

} // namespace

void note_arrivals(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, connector_memory& memory) {
  if (connector.acknowledged <= connector.told) memory.owes_since.reset();
  if (!memory.in_flight) return;
  if (connector.acknowledged >= *memory.in_flight) memory.acknowledged_before = *memory.in_flight;
  const bool is_last_answered = connector.acknowledged == connector.told &&
                                connector.told < memory.acknowledged_before;
  const bool is_old = now - *memory.in_flight_since >= settings.in_flight_max;
  if (is_last_answered || is_old || connector.unanswered_max) forget_in_flight(memory);
}

domain::instant measured_at(const connector_image& connector, domain::instant now) {
  return now - std::chrono::milliseconds{connector.drawn_ms_ago};
}

bool is_read_before_told(const connector_image& connector, domain::instant now,
                         const connector_memory& memory) {
  const auto told_at = std::max(memory.lowered_at.value_or(domain::instant{}),
                                memory.raised_at.value_or(domain::instant{}));
  // A clock that was set back hides no reading.
  return told_at <= now && measured_at(connector, now) < told_at;
}

milliamperes promised(const connector_image& connector, const connector_memory& memory) {
  return std::max({connector.told, connector.acknowledged,
                   connector.unanswered_max.value_or(milliamperes{}),
                   memory.in_flight.value_or(milliamperes{})});
}

milliamperes reserve_of(const connector_image& connector, const domain::fallback& when_lost,
                        const connector_memory& memory) {
  auto reserve = std::max({promised(connector, memory), connector.drawn, connector.may_draw});
  if (!connector.is_reachable) reserve = std::max(reserve, when_lost.current);
  return reserve;
}

domain::line_set lines_counted(const connector_image& connector, bool is_disobeying) {
  const auto all = domain::line_set::all();
  const bool is_believed = connector.is_reachable && !is_disobeying && !connector.is_export;
  const auto used = connector.used_lines.value_or(all);
  return is_believed && !used.is_empty() ? used : all;
}

bool is_disobeying(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, connector_memory& memory) {
  const bool is_over = connector.acknowledged == connector.told &&
                       connector.drawn > connector.told + settings.overdraw_tolerance;
  const auto at = measured_at(connector, now);
  const bool says_nothing = is_read_before_told(connector, now, memory);
  if (!is_over && !says_nothing) memory.overdraws_since.reset();
  if (is_over && !says_nothing && !memory.overdraws_since) memory.overdraws_since = at;
  // The clock may have been set back.
  if (memory.overdraws_since) memory.overdraws_since = std::min(*memory.overdraws_since, now);
  return memory.overdraws_since && at - *memory.overdraws_since >= settings.overdraw_after;
}

milliamperes excess_of(const reserve_settings& settings, const connector_image& connector,
                       domain::instant now, connector_memory& memory) {
  const auto told = std::max(connector.told, connector.acknowledged);
  if (connector.drawn <= told) memory.exceeds_since.reset();
  else if (!memory.exceeds_since) memory.exceeds_since = now;
  const bool is_lasting =
      memory.exceeds_since && now - *memory.exceeds_since >= settings.overdraw_after;
  return is_lasting ? connector.drawn - told : milliamperes{};
}

bool is_behind(const reserve_settings& settings, const connector_image& connector,
               domain::instant now, const connector_memory& memory) {
  const auto since = memory.owes_since ? memory.owes_since : memory.lowered_at;
  return connector.acknowledged > connector.told && since &&
         now - *since >= settings.answer_after;
}

bool is_at_rest(const reserve_settings& settings, const connector_image& connector) {
  return connector.told.is_zero() && connector.acknowledged.is_zero() &&
         connector.drawn <= settings.overdraw_tolerance;
}

bool may_be_raised(const reserve_settings& settings, const connector_image& connector,
                   domain::instant now, const connector_memory& memory) {
  if (connector.unanswered_max) return true;
  const bool is_lowered_lately =
      memory.lowered_at && now - *memory.lowered_at < settings.in_flight_max;
  return !memory.in_flight && !(is_lowered_lately && connector.acknowledged > connector.told);
}

void note_told(const connector_image& connector, milliamperes grant, domain::instant now,
               connector_memory& memory) {
  if (grant > connector.told) memory.raised_at = now;
  if (grant >= connector.told) return;
  memory.lowered_at = now;
  if (!memory.owes_since) memory.owes_since = now;
  if (memory.in_flight) {
    memory.in_flight_since = now;
  } else if (connector.told > connector.acknowledged && !connector.unanswered_max) {
    memory.in_flight = connector.told;
    memory.acknowledged_before = connector.acknowledged;
    memory.in_flight_since = now;
  }
}

} // namespace busbar::control::transition
