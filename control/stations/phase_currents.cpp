#include "control/stations/phase_currents.hpp"

#include "domain/electrical.hpp"

#include <algorithm>
#include <numeric>

namespace busbar::control::stations {

using domain::milliamperes;
using domain::per_line;

per_line<milliamperes> phase_currents(domain::watts power,
                                      const per_line<domain::millivolts>& voltage,
                                      std::span<const domain::line> used) {
  per_line<milliamperes> current{};
  domain::millivolts sum{};
  for (const auto which : used) sum += voltage[index_of(which)];
  if (sum.count() <= 0) return current;
  const auto each = domain::current_floor(power, sum, 1);
  for (const auto which : used)
    if (voltage[index_of(which)].count() > 0) current[index_of(which)] = each;
  return current;
}

domain::watts power_of(const per_line<milliamperes>& current,
                       const per_line<domain::millivolts>& voltage) {
  std::int64_t microwatts = 0;
  for (std::size_t place = 0; place < 3; ++place)
    microwatts += current[place].count() * voltage[place].count();
  return domain::watts{domain::rounding::divide_ceil(microwatts, 1'000'000)};
}

domain::permille imbalance(const per_line<milliamperes>& current) {
  const auto [low, high] = std::ranges::minmax(current);
  if (high.count() <= 0) return domain::permille{};
  return domain::permille{
      domain::rounding::divide_ceil((high - low).count() * 1'000, high.count())};
}

milliamperes highest_beside(milliamperes least, domain::permille most) {
  // (high - least) / high <= most / 1000, solved for high.
  return milliamperes{least.count() * 1'000 / (1'000 - most.count())};
}

std::vector<domain::line> balanced_lines(std::span<const milliamperes> loads,
                                         per_line<milliamperes> already_there) {
  std::vector<std::size_t> order(loads.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](auto a, auto b) { return loads[a] > loads[b]; });
  std::vector<domain::line> lines(loads.size(), domain::line::l1);
  for (const auto load : order) {
    const auto least = std::ranges::min_element(already_there);
    *least += loads[load];
    lines[load] = domain::all_lines[static_cast<std::size_t>(least - already_there.begin())];
  }
  return lines;
}

} // namespace busbar::control::stations
