#include "site/station_supervision.hpp"

namespace busbar::site {

namespace {

/// A breaker's window holds no more.
constexpr std::uint8_t routine_max = 32;

} // namespace

bool station_supervision::take(const domain::health_report& report, std::uint16_t failures_max) {
  const bool is_unhealthy = !report.is_healthy && report.failures >= failures_max;
  // One or two failures change nothing: neither a fault yet nor a recovery.
  if (!report.is_healthy && !is_unhealthy) return false;
  return std::exchange(is_unhealthy_, is_unhealthy) != is_unhealthy;
}

/// Its connectors share a clock: what one says is news once.
bool station_supervision::take_clock(domain::microseconds ahead) {
  constexpr domain::microseconds news = std::chrono::seconds{5};
  const bool is_other = clock_ahead_.count() == 0 || ahead.count() == 0;
  const bool is_known =
      is_other ? clock_ahead_ == ahead : std::chrono::abs(clock_ahead_ - ahead) < news;
  if (!is_known) clock_ahead_ = ahead;
  return !is_known;
}

void station_supervision::breaker_changed(const control::safety::breaker& breaker) {
  breaker_ = {breaker.changed_at(), breaker.failures(), breaker.calls(), breaker.times_opened(),
              breaker.position()};
}

void station_supervision::actor_stalled(domain::instant since) {
  is_stalled_ = true;
  stalled_since_ = since;
}

void station_supervision::actor_restarted() {
  ++restarts_;
  is_stalled_ = false;
}

void station_supervision::take_over(station_supervision& before) {
  is_unhealthy_ = before.is_unhealthy_;
  clock_ahead_ = before.clock_ahead_;
  writes_ = std::move(before.writes_);
}

bool station_supervision::keep_routine() {
  const bool is_closed = breaker_.position == domain::breaker_position::closed;
  if (!is_closed || routine_ >= routine_max) return false;
  ++routine_;
  return true;
}

void station_supervision::note_write(const control::transition::write_allowance& allowance,
                                     domain::instant now) {
  if (allowance.per_minute == 0 && allowance.per_day == 0) return;
  if (!writes_) writes_ = std::make_unique<control::transition::write_budget>();
  writes_->write(allowance, now);
}

} // namespace busbar::site
