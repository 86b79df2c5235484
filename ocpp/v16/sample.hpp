#pragma once
// Samples of MeterValues and of StopTransaction's transactionData, as they are reported: every
// measurand, phase, location, context and unit of 1.6, the value as exact decimal.

#include "domain/time.hpp"
#include "ocpp/v16/decimal.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <simdjson.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace busbar::ocpp::v16 {

enum class measurand : std::uint8_t {
  energy_active_export_register,
  energy_active_import_register,
  energy_reactive_export_register,
  energy_reactive_import_register,
  energy_active_export_interval,
  energy_active_import_interval,
  energy_reactive_export_interval,
  energy_reactive_import_interval,
  power_active_export,
  power_active_import,
  power_offered,
  power_reactive_export,
  power_reactive_import,
  power_factor,
  current_import,
  current_export,
  current_offered,
  voltage,
  frequency,
  temperature,
  soc,
  rpm,
};
inline constexpr std::uint8_t measurand_count = 22;

enum class sample_phase : std::uint8_t { l1, l2, l3, n, l1_n, l2_n, l3_n, l1_l2, l2_l3, l3_l1 };
inline constexpr std::uint8_t sample_phase_count = 10;

enum class sample_location : std::uint8_t { cable, ev, inlet, outlet, body };
inline constexpr std::uint8_t sample_location_count = 5;

enum class sample_context : std::uint8_t {
  interruption_begin,
  interruption_end,
  sample_clock,
  sample_periodic,
  transaction_begin,
  transaction_end,
  trigger,
  other,
};
inline constexpr std::uint8_t sample_context_count = 8;

enum class sample_unit : std::uint8_t {
  wh, kwh, varh, kvarh, w, kw, va, kva, var, kvar, a, v, k, celcius, celsius, fahrenheit, percent,
  hertz,
  /// The measurand has none: power factor, RPM.
  none,
};
inline constexpr std::uint8_t sample_unit_count = 18;

/// As the protocol spells them.
[[nodiscard]] std::string_view name_of(measurand which);
[[nodiscard]] std::string_view name_of(sample_phase which);
[[nodiscard]] std::string_view name_of(sample_location which);
[[nodiscard]] std::string_view name_of(sample_context which);
[[nodiscard]] std::string_view name_of(sample_unit which);

/// What the station leaves out has the protocol's default; the unit that of its measurand.
struct sample {
  /// Of its entry; absent where that has no time that can be read.
  std::optional<domain::instant> at;
  measurand what = measurand::energy_active_import_register;
  std::optional<sample_phase> phase;
  sample_location location = sample_location::outlet;
  sample_context context = sample_context::sample_periodic;
  sample_unit unit = sample_unit::wh;
  /// Not of a signed one.
  decimal value;
  /// Of a signed sample: what it is signed with, as it stands; points into the frame. Else empty.
  std::string_view signed_data;

  [[nodiscard]] bool is_signed() const { return !signed_data.empty(); }
};

struct sample_list {
  std::vector<sample> samples;
  /// Why samples were left out, and what else was taken.
  tolerance_set used;
  /// Samples that could not be read.
  std::size_t left_out = 0;
};

/// Of `meterValue` or `transactionData`; of anything that is no list none. `offset` is for times
/// without a zone.
[[nodiscard]] sample_list read_samples(const simdjson::dom::element& meter_values,
                                       std::chrono::minutes offset = {});

} // namespace busbar::ocpp::v16
