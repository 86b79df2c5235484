#include "control/smart_charging/grant_profiles.hpp"

#include <cassert>

namespace busbar::control::smart_charging {

std::int64_t rate_of(domain::milliamperes current, const rate_terms& terms) {
  assert(terms.lines >= 1 && terms.lines <= 3 && terms.volts_min.count() > 0);
  if (current.count() <= 0 || current < terms.current_min) return 0;
  if (terms.unit == rate_unit::ampere) return current.count() / 100;
  // mA * mV = 1e-6 W; in tenths of a watt.
  return current.count() * terms.volts_min.count() / 100'000 * terms.lines;
}

charging_profile fallback_profile(domain::milliamperes current, const rate_terms& terms,
                                  std::int32_t connector) {
  assert(connector >= 0);
  charging_profile made;
  made.id = connector == 0 ? fallback_profile_id : first_own_fallback_id + connector - 1;
  made.stack_level = fallback_stack_level;
  made.serves = purpose::tx_default;
  made.kind = profile_kind::relative;
  made.plan.unit = terms.unit;
  made.plan.periods = {{seconds{0}, rate_of(current, terms), terms.phases}};
  return made;
}

charging_profile grant_profile(const granted& grant, const rate_terms& terms,
                               std::int32_t connector, std::int32_t stack_level,
                               std::optional<std::int32_t> transaction) {
  assert(connector > 0 && stack_level >= 0);
  charging_profile made;
  made.id = first_grant_profile_id + connector - 1;
  made.transaction = transaction;
  made.stack_level = stack_level;
  made.serves = purpose::tx;
  made.kind = profile_kind::absolute;
  made.plan.unit = terms.unit;
  made.plan.starts_at = std::chrono::floor<seconds>(grant.issued_at);
  if (grant.lease.count() > 0) made.plan.duration = grant.lease;
  made.plan.periods = {{seconds{0}, rate_of(grant.current, terms), terms.phases}};
  return made;
}

} // namespace busbar::control::smart_charging
