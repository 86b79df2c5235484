#pragma once
// One electric vehicle: what its charger and battery can take, and its state of charge.
// All arithmetic is in integers. Currents are line currents at the site's side.

#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::simulator {

/// A point of a DC charging curve: battery power at a state of charge.
struct curve_point {
  domain::permille soc;
  domain::watts power;
};

/// A type of vehicle. `validate` states the ranges.
struct vehicle_model {
  std::string name = "generic";
  domain::watt_hours battery{60'000};
  /// AC phases that the onboard charger uses; 0: no AC charging.
  std::uint8_t ac_phases = 3;
  /// Input power of the onboard charger over all its phases.
  domain::watts ac_power{11'000};
  /// By rising state of charge; empty: no DC charging. Linear between points, flat outside.
  std::vector<curve_point> dc_curve;
  /// Voltage of the battery, which a DC connector measures at its output.
  domain::millivolts pack{400'000};
  /// Part of the input that reaches the battery. 1..1000.
  domain::permille ac_efficiency{900};
  domain::permille dc_efficiency{950};
  /// From the first current of a session on it charges on its first line alone for so long, then on
  /// all that it has; and again each `alone_every` from then, where that is not 0. AC only.
  domain::microseconds alone_for{};
  domain::microseconds alone_every{};
  /// Below this current it charges on its first line alone. AC only.
  domain::milliamperes all_lines_from{};
};

/// Empty when `model` is usable; else the field, its value and what is allowed.
[[nodiscard]] std::string validate(const vehicle_model& model);

/// The supply that a connector offers.
struct supply {
  bool is_dc = false;
  /// One load between two lines: voltage is line to line and one phase counts.
  bool is_delta = false;
  std::uint8_t phases = 3;
  /// Across one phase of the load, mV.
  domain::millivolts voltage{230'000};
  domain::milliamperes current_min{6'000};
};

/// A vehicle at a connector.
class vehicle {
public:
  vehicle(vehicle_model model, domain::permille soc);

  [[nodiscard]] const vehicle_model& model() const { return model_; }
  [[nodiscard]] domain::permille soc() const;
  [[nodiscard]] bool fits(const supply& from) const;
  /// Phases it loads there: a DC station loads all of its own.
  [[nodiscard]] std::uint8_t phases_at(const supply& from) const;
  /// The same `charging_for` after the first current of its session.
  [[nodiscard]] std::uint8_t phases_at(const supply& from, domain::microseconds charging_for) const;
  /// The current per loaded phase that it takes now when nothing holds it back; 0 when full.
  [[nodiscard]] domain::milliamperes appetite(const supply& from) const;
  /// The current per loaded phase that it can give back: as much as it takes at best, DC only; 0
  /// where `keeps` is all that it has.
  [[nodiscard]] domain::milliamperes spare(const supply& from) const;
  /// Gives out energy measured at the site's side, in milliwatt microseconds.
  void discharge(std::int64_t output_mw_us, const supply& from);
  /// What it never gives back, whatever is asked.
  static constexpr domain::permille keeps{50};
  /// Takes in energy drawn at the site's side, in milliwatt microseconds.
  void charge(std::int64_t input_mw_us, const supply& from);

private:
  [[nodiscard]] domain::watts battery_power_dc() const;
  [[nodiscard]] domain::watts input_power_ac() const;

  vehicle_model model_;
  /// Energy in the battery, mWh; losses and rounding go against the battery.
  std::int64_t stored_mwh_ = 0;
  std::int64_t remainder_mw_us_ = 0;
  std::int64_t given_mw_us_ = 0;
};

} // namespace busbar::simulator
