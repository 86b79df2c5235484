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

bool is_above(const obedience_settings& settings, domain::milliamperes drawn,
              domain::milliamperes allowed) {
  const auto share = allowed.count() * settings.margin_share.count() / 1'000;
  return drawn.count() > allowed.count() + std::max(settings.margin.count(), share);
}

} // namespace

void obedience::acknowledged(domain::milliamperes current, domain::instant now) {
  // A raise is obeyed at once by drawing anything; only a lower value starts the response time.
  if (!has_allowed_ || current < allowed_) {
    allowed_since_ = now;
    if (!is_found()) above_ = 0;
  }
  allowed_ = current;
  has_allowed_ = true;
}

std::optional<escalation> obedience::measured(const obedience_settings& settings,
                                              domain::milliamperes drawn,
                                              domain::instant measured_at,
                                              domain::milliamperes may_hold,
                                              domain::maybe<domain::instant> received_at) {
  const auto now = received_at ? *received_at : measured_at;
  allowed_since_ = std::min(allowed_since_, now); // the clock may have been set back
  stepped_at_ = std::min(stepped_at_, now);
  if (!has_allowed_ || measured_at - allowed_since_ < settings.response) return std::nullopt;
  if (!is_above(settings, drawn, allowed_)) {
    above_ = 0;
    if (!is_found() || ++within_ < settings.readings_to_clear) return std::nullopt;
    within_ = 0;
    step_ = escalation::none;
    return step_;
  }
  within_ = 0;
  if (!is_above(settings, drawn, may_hold)) return std::nullopt;
  above_ = static_cast<std::uint8_t>(std::min<int>(above_ + 1, readings_to_find));
  if (above_ < readings_to_find) return std::nullopt;
  if (is_found() && measured_at - stepped_at_ < settings.patience) return std::nullopt;
  if (step_ == escalation::site_operator) return std::nullopt;
  step_ = after(step_);
  stepped_at_ = now;
  return step_;
}

escalation_act act_of(escalation step, const escalation_facts& facts) {
  using domain::command_kind;
  switch (step) {
  case escalation::none:
    return {facts.is_taken_out ? command_kind::set_available : command_kind::unspecified, {}};
  case escalation::tell_again: return {command_kind::grant, facts.told};
  case escalation::lower_limit:
    return {command_kind::grant,
            facts.told > facts.minimum ? facts.minimum : domain::milliamperes{}};
  case escalation::remote_stop:
    return {facts.has_session ? command_kind::stop : command_kind::grant, {}};
  case escalation::set_unavailable: return {command_kind::set_unavailable, {}};
  case escalation::site_operator: break;
  }
  return {};
}

} // namespace busbar::control::safety
