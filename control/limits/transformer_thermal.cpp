#include "control/limits/transformer_thermal.hpp"

#include "control/limits/fixed_power.hpp"
#include "control/limits/integer_math.hpp"
#include "control/limits/node_limits.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::limits {

using domain::millidegrees_celsius;
using domain::permille;

namespace {

constexpr std::int64_t step_max = 60;
/// Beyond ten times the rating, permille: a short circuit or a wrong meter, and everything is too
/// hot in any case. Keeps the powers within their range.
constexpr std::int64_t load_counted_max = 10'000;

/// What oil and hot spot tend to at a load.
struct tendency {
  std::int64_t oil_rise = 0;
  std::int64_t fast_rise = 0;
  std::int64_t slow_rise = 0;
};

std::int64_t scaled(std::int64_t value, std::int64_t fixed) {
  return static_cast<std::int64_t>(ceil_of(wide{value} * fixed, fixed_one));
}

tendency tendency_at(const cooling_constants& cooling, permille load) {
  const std::int64_t k = std::min(load.count(), load_counted_max);
  // (1 + R K^2) / (1 + R), all in permille, into fixed point.
  const wide losses = wide{1'000'000'000} + wide{cooling.loss_ratio} * k * k;
  const wide losses_rated = wide{1'000'000} * (1000 + cooling.loss_ratio);
  const auto ratio = static_cast<std::int64_t>(ceil_of(losses * fixed_one, losses_rated));
  const auto winding = fixed_power(k * fixed_one / 1000, cooling.winding_exponent);
  const std::int64_t hot_spot = scaled(cooling.hot_spot_rise.count(), winding);
  return {scaled(cooling.oil_rise.count(), fixed_power(ratio, cooling.oil_exponent)),
          hot_spot * cooling.k21 / 1000, hot_spot * (cooling.k21 - 1000) / 1000};
}

/// One step towards `target`; `time` in milliseconds. Rounds away from where it is cooler.
millidegrees_celsius approach(millidegrees_celsius value, std::int64_t target, std::int64_t seconds,
                              std::int64_t time) {
  const wide change = wide{target - value.count()} * seconds * 1000;
  return value + millidegrees_celsius{static_cast<std::int64_t>(ceil_of(change, time))};
}

thermal_state one_step(const cooling_constants& cooling, thermal_state state,
                       const tendency& target, millidegrees_celsius ambient,
                       std::int64_t seconds) {
  const std::int64_t oil_time = cooling.oil_time.count() * cooling.k11;
  const std::int64_t fast_time = cooling.winding_time.count() * cooling.k22;
  const std::int64_t slow_time = cooling.oil_time.count() * 1'000'000 / cooling.k22;
  state.oil = approach(state.oil, ambient.count() + target.oil_rise, seconds, oil_time);
  state.fast_rise = approach(state.fast_rise, target.fast_rise, seconds, fast_time);
  state.slow_rise = approach(state.slow_rise, target.slow_rise, seconds, slow_time);
  return state;
}

/// Whether the maxima hold at every step of `horizon`.
bool stays_cool(const thermal_data& transformer, thermal_state state, permille load,
                millidegrees_celsius ambient, std::int64_t horizon) {
  const auto target = tendency_at(transformer.cooling, load);
  for (std::int64_t gone = 0; gone < horizon; gone += step_max) {
    state = one_step(transformer.cooling, state, target, ambient,
                     std::min(step_max, horizon - gone));
    if (state.oil > transformer.oil_max || state.hot_spot() > transformer.hot_spot_max)
      return false;
  }
  return true;
}

const cooling_constants& characteristics(domain::cooling how) {
  if (how == domain::cooling::onan) return onan;
  return how == domain::cooling::onaf ? onaf : onan_distribution;
}

/// The largest load for which `is_good` holds, as a limit. Good loads lie below bad ones.
template <class Predicate>
domain::limit largest_load(const thermal_data& transformer, Predicate is_good) {
  assert(transformer.load_max.count() >= 0 && transformer.load_max.count() <= 2000);
  std::int64_t good = 0;
  std::int64_t bad = transformer.load_max.count() + 1;
  while (bad - good > 1) {
    const std::int64_t middle = good + (bad - good) / 2;
    (is_good(permille{middle}) ? good : bad) = middle;
  }
  const domain::milliamperes each{transformer.rated.count() * good / 1000};
  return {domain::limit_source::thermal, domain::per_line<domain::milliamperes>{each, each, each},
          std::nullopt};
}

} // namespace

thermal_data thermal_data_of(const domain::thermal_rule& rule,
                             const domain::transformer_data& transformer) {
  return {characteristics(rule.how), rated_current(transformer.rated, transformer.secondary),
          rule.oil_max, rule.hot_spot_max, rule.load_max};
}

thermal_state settled(const cooling_constants& cooling, permille load,
                      millidegrees_celsius ambient) {
  const auto target = tendency_at(cooling, load);
  return {ambient + millidegrees_celsius{target.oil_rise}, millidegrees_celsius{target.fast_rise},
          millidegrees_celsius{target.slow_rise}};
}

thermal_state advance(const cooling_constants& cooling, thermal_state state, permille load,
                      millidegrees_celsius ambient, domain::seconds elapsed) {
  const auto target = tendency_at(cooling, load);
  for (std::int64_t left = elapsed.count(); left > 0; left -= step_max)
    state = one_step(cooling, state, target, ambient, std::min(step_max, left));
  return state;
}

domain::limit thermal_limit(const thermal_data& transformer, const thermal_state& state,
                            millidegrees_celsius ambient, domain::seconds horizon) {
  return largest_load(transformer, [&](permille load) {
    return stays_cool(transformer, state, load, ambient, horizon.count());
  });
}

domain::limit settled_limit(const thermal_data& transformer, millidegrees_celsius ambient) {
  return largest_load(transformer, [&](permille load) {
    const auto state = settled(transformer.cooling, load, ambient);
    return state.oil <= transformer.oil_max && state.hot_spot() <= transformer.hot_spot_max;
  });
}

} // namespace busbar::control::limits
