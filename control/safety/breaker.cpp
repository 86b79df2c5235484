#include "control/safety/breaker.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace busbar::control::safety {

using domain::breaker_position;

namespace {

constexpr std::uint32_t newest(std::uint8_t count) {
  return count >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << count) - 1;
}

domain::error out_of_range(const char* member, std::int64_t value, const char* allowed) {
  return {domain::errc::out_of_range, std::string{"breaker "} + member + ": " +
                                          std::to_string(value) + " is not " + allowed};
}

} // namespace

domain::result<void> validate(const breaker_settings& settings) {
  const auto rate_ok = [](domain::permille rate) {
    return rate.count() >= 1 && rate.count() <= 1000;
  };
  if (settings.window < 1 || settings.window > 32)
    return out_of_range("window", settings.window, "1..32");
  if (settings.calls_min < 1 || settings.calls_min > settings.window)
    return out_of_range("calls_min", settings.calls_min, "1..window");
  if (settings.failures_min < 1 || settings.failures_min > 32)
    return out_of_range("failures_min", settings.failures_min, "1..32");
  if (!rate_ok(settings.failure_rate))
    return out_of_range("failure_rate", settings.failure_rate.count(), "1..1000");
  if (!rate_ok(settings.slow_rate))
    return out_of_range("slow_rate", settings.slow_rate.count(), "1..1000");
  if (settings.slow_after.count() <= 0)
    return out_of_range("slow_after", settings.slow_after.count(), "> 0 us");
  if (settings.open_wait.count() <= 0)
    return out_of_range("open_wait", settings.open_wait.count(), "> 0 us");
  if (settings.probes < 1 || settings.probes > 32)
    return out_of_range("probes", settings.probes, "1..32");
  return {};
}

breaker_settings with(breaker_settings settings, const domain::supervision_terms& terms) {
  if (terms.failure_threshold) {
    settings.failures_min = settings.calls_min = *terms.failure_threshold;
    settings.window = static_cast<std::uint8_t>(2 * *terms.failure_threshold);
    settings.failure_rate = domain::permille{500};
  }
  if (terms.success_threshold) settings.probes = *terms.success_threshold;
  if (terms.reset_timeout) settings.open_wait = *terms.reset_timeout;
  return settings;
}

std::uint32_t breaker::failures() const {
  return static_cast<std::uint32_t>(std::popcount(failed_bits_ & newest(calls_)));
}

bool breaker::would_permit(const breaker_settings& settings, domain::instant now) const {
  if (position_ == breaker_position::open) return now - changed_at_ >= settings.open_wait;
  return position_ == breaker_position::closed || probes_taken_ < settings.probes;
}

bool breaker::acquire(const breaker_settings& settings, domain::instant now,
                      std::optional<breaker_change>* changed) {
  changed_at_ = std::min(changed_at_, now); // the clock may have been set back
  if (!would_permit(settings, now)) return false;
  if (position_ == breaker_position::open) {
    const auto change = move(breaker_position::half_open, now);
    if (changed != nullptr) *changed = change;
  }
  if (position_ == breaker_position::half_open) ++probes_taken_;
  return true;
}

std::optional<breaker_change> breaker::record(const breaker_settings& settings,
                                              domain::instant now, bool has_succeeded,
                                              domain::microseconds took) {
  if (position_ == breaker_position::open) return std::nullopt;
  failed_bits_ = failed_bits_ << 1 | std::uint32_t{!has_succeeded};
  slow_bits_ = slow_bits_ << 1 | std::uint32_t{took >= settings.slow_after};
  const bool is_probing = position_ == breaker_position::half_open;
  const std::uint8_t window = is_probing ? settings.probes : settings.window;
  calls_ = static_cast<std::uint8_t>(std::min<int>(calls_ + 1, window));
  if (calls_ < (is_probing ? settings.probes : settings.calls_min)) return std::nullopt;
  if (is_above_threshold(settings)) return move(breaker_position::open, now);
  if (is_probing) return move(breaker_position::closed, now);
  return std::nullopt;
}

std::optional<breaker_change> breaker::allow_probes(domain::instant now) {
  if (position_ != breaker_position::open) return std::nullopt;
  return move(breaker_position::half_open, now);
}

std::optional<breaker_change> breaker::force_open(domain::instant now) {
  if (position_ == breaker_position::open) return std::nullopt;
  return move(breaker_position::open, now);
}

bool breaker::is_above_threshold(const breaker_settings& settings) const {
  const auto mask = newest(calls_);
  const auto reaches = [&](std::uint32_t bits, domain::permille threshold) {
    return std::popcount(bits & mask) * std::int64_t{1000} >= threshold.count() * calls_;
  };
  if (reaches(slow_bits_, settings.slow_rate)) return true;
  if (position_ == breaker_position::half_open) return failures() > 0;
  const std::uint8_t failures_min = std::min(settings.failures_min, settings.window);
  return failures() >= failures_min && reaches(failed_bits_, settings.failure_rate);
}

breaker_change breaker::move(breaker_position to, domain::instant now) {
  const breaker_change change{position_, to, now};
  position_ = to;
  changed_at_ = now;
  failed_bits_ = slow_bits_ = 0;
  calls_ = probes_taken_ = 0;
  if (to == breaker_position::open) ++times_opened_;
  return change;
}

} // namespace busbar::control::safety
