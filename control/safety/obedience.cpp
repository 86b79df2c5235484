#include "control/safety/obedience.hpp"

#include <algorithm>

namespace busbar::control::safety {

namespace {

constexpr std::uint8_t readings_to_find = 2;
escalation after(escalation step) {
  const auto next = static_cast<std::uint8_t>(step) + 1;
  return static_cast<escalation>(
      std::min<int>(next, static_cast<int>(escalation::site_operator)));
}

} // namespace

void obedience::acknowledged(domain::milliamperes current, domain::instant now) {
  // A raise is obeyed at once by drawing anything; only a lower value starts the response time.
  if (!has_allowed_ || current < allowed_) allowed_since_ = now;
  allowed_ = current;
  has_allowed_ = true;
}

bool obedience::is_above(const obedience_settings& settings, domain::milliamperes drawn) const {
  const auto share = allowed_.count() * settings.margin_share.count() / 1'000;
  return drawn.count() > allowed_.count() + std::max(settings.margin.count(), share);
}

std::optional<escalation> obedience::measured(const obedience_settings& settings,
                                              domain::milliamperes drawn, domain::instant now) {
  if (!has_allowed_ || now - allowed_since_ < settings.response) return std::nullopt;
  if (!is_above(settings, drawn)) {
    above_ = 0;
    if (!is_found() || ++within_ < settings.readings_to_clear) return std::nullopt;
    within_ = 0;
    step_ = escalation::none;
    return step_;
  }
  within_ = 0;
  above_ = static_cast<std::uint8_t>(std::min<int>(above_ + 1, readings_to_find));
  if (above_ < readings_to_find) return std::nullopt;
  if (is_found() && now - stepped_at_ < settings.patience) return std::nullopt;
  if (step_ == escalation::site_operator) return std::nullopt;
  step_ = after(step_);
  stepped_at_ = now;
  return step_;
}

} // namespace busbar::control::safety
