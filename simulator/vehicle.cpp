#include "simulator/vehicle.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::milliamperes;
using domain::permille;
using domain::watts;

constexpr std::int64_t mw_us_per_mwh = 3'600'000'000;
/// Constant voltage begins here on AC, where the onboard charger is the bottleneck until then.
constexpr std::int64_t ac_taper_begin = 950;

std::string out_of_range(const char* field, std::int64_t value, const char* allowed) {
  return std::string{field} + " " + std::to_string(value) + ": allowed is " + allowed;
}

watts interpolate(const curve_point& a, const curve_point& b, permille soc) {
  const std::int64_t span = b.soc.count() - a.soc.count();
  const std::int64_t rise = b.power.count() - a.power.count();
  return watts{a.power.count() + rise * (soc.count() - a.soc.count()) / span};
}

} // namespace

std::string validate(const vehicle_model& model) {
  if (model.battery.count() < 1 || model.battery.count() > 2'000'000)
    return out_of_range("battery_wh", model.battery.count(), "1..2000000");
  if (model.ac_phases > 3) return out_of_range("ac_phases", model.ac_phases, "0..3");
  if (model.ac_power.count() < 0 || model.ac_power.count() > 100'000)
    return out_of_range("ac_power_w", model.ac_power.count(), "0..100000");
  if (model.alone_for.count() < 0 || model.alone_every.count() < 0)
    return out_of_range("alone_for_us, alone_every_us",
                        std::min(model.alone_for, model.alone_every).count(), "0 and more");
  if (model.pack.count() < 50'000 || model.pack.count() > 1'500'000)
    return out_of_range("pack_mv", model.pack.count(), "50000..1500000");
  for (const auto efficiency : {model.ac_efficiency, model.dc_efficiency})
    if (efficiency.count() < 1 || efficiency.count() > 1000)
      return out_of_range("efficiency_permille", efficiency.count(), "1..1000");
  std::int64_t before = -1;
  for (const auto& point : model.dc_curve) {
    if (point.soc.count() <= before || point.soc.count() > 1000)
      return out_of_range("curve soc_permille", point.soc.count(), "rising, 0..1000");
    if (point.power.count() < 0 || point.power.count() > 2'000'000)
      return out_of_range("curve power_w", point.power.count(), "0..2000000");
    before = point.soc.count();
  }
  return {};
}

vehicle::vehicle(vehicle_model model, permille soc)
    : model_(std::move(model)),
      stored_mwh_(model_.battery.count() * std::clamp<std::int64_t>(soc.count(), 0, 1000)) {
  assert(validate(model_).empty());
}

permille vehicle::soc() const { return permille{stored_mwh_ / model_.battery.count()}; }

bool vehicle::fits(const supply& from) const {
  if (from.is_dc) return !model_.dc_curve.empty();
  return model_.ac_phases > 0 && !model_.ac_power.is_zero();
}

std::uint8_t vehicle::phases_at(const supply& from) const {
  if (from.is_dc) return from.phases;
  return from.is_delta ? std::uint8_t{1} : std::min(from.phases, model_.ac_phases);
}

std::uint8_t vehicle::phases_at(const supply& from, domain::microseconds charging_for) const {
  const auto every = model_.alone_every;
  const auto into = every.count() > 0 ? charging_for % every : charging_for;
  const bool is_alone = !from.is_dc && into < model_.alone_for;
  return is_alone ? std::min(std::uint8_t{1}, phases_at(from)) : phases_at(from);
}

watts vehicle::battery_power_dc() const {
  const auto& curve = model_.dc_curve;
  const auto above = std::find_if(curve.begin(), curve.end(),
                                  [&](const curve_point& p) { return p.soc >= soc(); });
  if (above == curve.begin()) return curve.front().power;
  if (above == curve.end()) return curve.back().power;
  return interpolate(*(above - 1), *above, soc());
}

watts vehicle::input_power_ac() const {
  const std::int64_t over = soc().count() - ac_taper_begin;
  if (over <= 0) return model_.ac_power;
  // From full power at 95 % down to a tenth of it at 100 %.
  const std::int64_t left = 1000 - over * 900 / (1000 - ac_taper_begin);
  return watts{model_.ac_power.count() * left / 1000};
}

milliamperes vehicle::appetite(const supply& from) const {
  if (!fits(from) || stored_mwh_ >= model_.battery.count() * 1000) return milliamperes{};
  const watts input = from.is_dc ? watts{battery_power_dc().count() * 1000 /
                                         model_.dc_efficiency.count()}
                                 : input_power_ac();
  // An onboard charger that finds fewer phases than it has gets that share of its power.
  const std::int64_t phases = phases_at(from);
  const std::int64_t own_phases = from.is_dc ? phases : model_.ac_phases;
  const std::int64_t microwatts = input.count() * 1'000'000 / own_phases;
  const milliamperes wanted{microwatts / from.voltage.count()};
  return std::max(wanted, from.current_min);
}

void vehicle::charge(std::int64_t input_mw_us, const supply& from) {
  const permille kept = from.is_dc ? model_.dc_efficiency : model_.ac_efficiency;
  remainder_mw_us_ += input_mw_us / 1000 * kept.count();
  stored_mwh_ += remainder_mw_us_ / mw_us_per_mwh;
  remainder_mw_us_ %= mw_us_per_mwh;
  stored_mwh_ = std::min(stored_mwh_, model_.battery.count() * 1000);
}

milliamperes vehicle::spare(const supply& from) const {
  if (!from.is_dc || !fits(from) || soc() <= keeps) return milliamperes{};
  const auto best = std::max_element(
      model_.dc_curve.begin(), model_.dc_curve.end(),
      [](const curve_point& a, const curve_point& b) { return a.power < b.power; });
  const std::int64_t output = best->power.count() * model_.dc_efficiency.count() / 1000;
  const milliamperes most{output * 1'000'000 / from.phases / from.voltage.count()};
  return most < from.current_min ? milliamperes{} : most;
}

void vehicle::discharge(std::int64_t output_mw_us, const supply& from) {
  assert(from.is_dc);
  // What leaves the battery is more than what arrives, and its rounding goes against the battery.
  const std::int64_t mwh = mw_us_per_mwh * model_.dc_efficiency.count() / 1000;
  given_mw_us_ += output_mw_us;
  stored_mwh_ = std::max<std::int64_t>(0, stored_mwh_ - given_mw_us_ / mwh);
  given_mw_us_ %= mwh;
}

} // namespace busbar::simulator
