#pragma once
// What samples report of now: one set of values for each moment, however many entries it is spread
// over. Currents, powers and voltages are exact; where something must be rounded, loads go up.

#include "domain/units.hpp"
#include "ocpp/v16/sample.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace busbar::ocpp::v16 {

/// What is measured on one side of the station: at the Outlet, towards the vehicle, or at the
/// Inlet, from the grid. Into the vehicle positive: what is exported counts as negative where
/// nothing flows in.
struct side_values {
  /// By line, of phases L1 and L1-N alike.
  std::array<std::optional<std::int64_t>, 3> line_ma;
  /// Without a phase: the current on each line in use.
  std::optional<std::int64_t> each_ma;
  std::array<std::optional<std::int64_t>, 3> line_mw;
  /// Without a phase: of all lines.
  std::optional<std::int64_t> total_mw;
  /// The lowest line-to-neutral voltage, or the DC output's.
  std::optional<std::int64_t> voltage_mv;
  /// The register, rounded down.
  std::optional<std::int64_t> energy_wh;

  /// The total, else the sum of the lines.
  [[nodiscard]] std::optional<std::int64_t> power_mw() const;
  [[nodiscard]] bool has_current() const;
  bool operator==(const side_values&) const = default;
};

struct present_values {
  /// Absent where the entries have no time that can be read.
  std::optional<domain::instant> at;
  side_values outlet;
  side_values inlet;
  std::optional<std::int64_t> soc_permille;
  std::optional<std::int64_t> temperature_mc;
  /// Registers of the transaction's begin and end: values of then, not of now.
  std::optional<std::int64_t> begin_wh;
  std::optional<std::int64_t> end_wh;
  bool operator==(const present_values&) const = default;
};

/// One for each moment, in the order of their first sample. Contexts Sample.Periodic, Sample.Clock,
/// Trigger and Other are now. Current.Offered, Power.Offered, reactive values, intervals and signed
/// samples are no draw and stay out.
[[nodiscard]] std::vector<present_values> moments_of(std::span<const sample> samples);

/// The newest; one without a time only where none has one. What it lacks is filled from moments
/// within the second before it: stations stamp each sample of a moment anew. Absent: there is none.
[[nodiscard]] std::optional<present_values> newest_of(std::span<const present_values> moments);

/// What is known of a connector beside its samples.
struct connector_terms {
  /// Lines that the vehicle uses, 1..3.
  int lines = 1;
  /// The lowest voltage that its lines may have.
  domain::millivolts voltage_min{207'000};
};

/// Draw by the connector's own lines in mA (LIM-5): measured lines stand; missing ones are filled
/// from power, else from the largest current that is there, on as many lines as the vehicle uses,
/// rounded up. Absent: neither current nor power is known.
[[nodiscard]] std::optional<std::array<std::int64_t, 3>> line_draw(const side_values& values,
                                                                   const connector_terms& terms);

/// What a DC station draws from the grid in W, rounded up: what enters at the Inlet where that is
/// measured, else its output by `efficiency`. REQUIRES: 1 <= efficiency <= 1000.
[[nodiscard]] std::optional<std::int64_t> grid_draw_w(const present_values& values,
                                                      domain::permille efficiency);

} // namespace busbar::ocpp::v16
