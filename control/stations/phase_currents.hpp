#pragma once
// AC: power to line currents and back with the voltage that is there, the balance of a site's
// lines, and the rotation that balances it best.

#include "domain/units.hpp"

#include <span>
#include <vector>

namespace busbar::control::stations {

/// Line currents that together carry at most `power` at the measured line-to-neutral voltages,
/// equal on each used line. A line that is not used (or has no voltage) gets zero. Rounded down.
[[nodiscard]] domain::per_line<domain::milliamperes>
phase_currents(domain::watts power, const domain::per_line<domain::millivolts>& voltage,
               std::span<const domain::line> used);

/// Active power of line currents at the measured voltages. Rounded up.
[[nodiscard]] domain::watts power_of(const domain::per_line<domain::milliamperes>& current,
                                     const domain::per_line<domain::millivolts>& voltage);

/// How unequal three currents are: (largest - smallest) / largest, rounded up. 0 where all are 0.
[[nodiscard]] domain::permille imbalance(const domain::per_line<domain::milliamperes>& current);

/// How far apart a site's lines may be where nothing else is stated.
inline constexpr domain::permille system_imbalance_max{200};

/// The highest current that stands beside `least` with an imbalance of at most `most`, rounded
/// down. REQUIRES: most below 1000.
[[nodiscard]] domain::milliamperes highest_beside(domain::milliamperes least,
                                                  domain::permille most);

/// For each load (a single-phase current), the line that it should lie on so that the lines'
/// largest sum is small: largest load first, each onto the least loaded line (ties: L1 before L2
/// before L3). Within 4/3 of the best possible largest sum (Graham 1969, LPT rule).
[[nodiscard]] std::vector<domain::line>
balanced_lines(std::span<const domain::milliamperes> loads,
               domain::per_line<domain::milliamperes> already_there);

} // namespace busbar::control::stations
