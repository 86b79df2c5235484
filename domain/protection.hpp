#pragma once
// What a node's limits of the moment are computed from (LIM-2): the site file states the data, the
// models are in control/limits. Each part is absent where the file does not state it.

#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::domain {

/// A breaker's time-current curve: a bimetal as a first-order body heated by I^2 (IEC 60898-1).
struct breaker_data {
  milliamperes rated{};
  /// Conventional non-tripping current, permille of the rating. 1000..1500.
  permille holds{1130};
  /// Time constant of the bimetal. At 1.45 of the rating 1000 s reach the trip band in 16 minutes
  /// from cold, well before the hour that the standard grants the breaker. 1..7200 s.
  seconds time_constant{1000};
  /// Lower edge of the instantaneous trip: 3 (B), 5 (C), 10 (D) times the rating.
  std::int64_t instantaneous_from = 3;
  bool operator==(const breaker_data&) const = default;
};

/// Cable ampacity under its conditions (IEC 60364-5-52).
struct cable_data {
  /// From the table for its cross-section and installation method.
  milliamperes tabled{};
  /// Highest conductor temperature: 70 degrees for PVC, 90 for XLPE.
  millidegrees_celsius conductor_max{70'000};
  /// Of the table: 30 degrees in air, 20 in ground.
  millidegrees_celsius reference{30'000};
  /// For circuits that lie together. 1..1000.
  permille grouping{1000};
  bool operator==(const cable_data&) const = default;
};

/// How a transformer is cooled (IEC 60076-7): natural oil and natural air, distribution or larger
/// ones; natural oil and forced air.
enum class cooling : std::uint8_t { unspecified = 0, onan_distribution, onan, onaf };
[[nodiscard]] const char* name_of(cooling how);
[[nodiscard]] std::optional<cooling> cooling_from(const std::string& name);

/// A transformer's temperatures stay below these; its rating is `node::transformer`'s.
struct thermal_rule {
  cooling how = cooling::onan_distribution;
  millidegrees_celsius oil_max{105'000};
  millidegrees_celsius hot_spot_max{120'000};
  /// The load that is given at most, however cool it is. Permille of rated, 100..1500.
  permille load_max{1000};
  bool operator==(const thermal_rule&) const = default;
};

/// What a grid code allows between lines: a current (20 A, 16 A), a power on one line (4.6 kVA), or
/// a part of the mean line current. One is present.
struct imbalance_rule {
  std::optional<milliamperes> difference;
  std::optional<volt_amperes> single_line;
  std::optional<permille> of_mean;
  bool operator==(const imbalance_rule&) const = default;
};

/// Below `start` currents go down in proportion, at `stop` to nothing. In permille of nominal.
/// REQUIRES: stop < start.
struct voltage_band {
  permille start{940};
  permille stop{900};
  bool operator==(const voltage_band&) const = default;
};

/// Below `start` power goes down in proportion, at `stop` to nothing; mHz. REQUIRES: stop < start.
struct frequency_droop {
  std::int64_t start_mhz = 49'800;
  std::int64_t stop_mhz = 49'000;
  bool operator==(const frequency_droop&) const = default;
};

/// What a node's meter should see; outside it a violation stands (QUAL-1), and nothing is
/// limited.
struct quality_bands {
  /// Distance of the voltage from nominal, either way. Permille, 1..500 (EN 50160: 100).
  permille voltage_deviation{100};
  /// Absent: 50 or 60 Hz, whichever is nearer to what is measured. 40 000..70 000 mHz.
  std::optional<std::int64_t> frequency_mhz;
  /// Distance of the frequency from nominal, either way. 1..10 000 mHz (EN 50160: 1 %).
  std::int64_t frequency_deviation_mhz = 500;
  /// Least power factor. Permille, 0..1000.
  permille power_factor_min{900};
  /// How unequal line currents may be: (largest - smallest) / largest. Absent: not watched.
  /// Permille, 1..1000.
  std::optional<permille> imbalance_max;
  bool operator==(const quality_bands&) const = default;
};

/// Everything that a node is protected by beside its fixed limits. Voltage, frequency, power factor
/// and imbalance need the node's own meter.
struct node_protection {
  std::optional<breaker_data> breaker;
  std::optional<cable_data> cable;
  std::optional<thermal_rule> thermal;
  std::optional<imbalance_rule> imbalance;
  std::optional<voltage_band> voltage;
  std::optional<frequency_droop> frequency;
  /// Threshold of the mean power over any 15 minutes.
  std::optional<watts> peak_demand;
  /// Apparent rating: active power is at most this times the measured power factor.
  std::optional<volt_amperes> apparent;
  /// Of the air around cable and transformer.
  millidegrees_celsius ambient{30'000};
  /// Where it has a meter.
  quality_bands quality;
  bool operator==(const node_protection&) const = default;
};

} // namespace busbar::domain
