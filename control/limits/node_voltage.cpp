#include "control/limits/node_voltage.hpp"

#include "control/limits/integer_math.hpp"

namespace busbar::control::limits {

using domain::milliamperes;

milliamperes current_floor(domain::watts power, node_voltage voltage) {
  const wide microwatts = wide{power.count()} * 1'000'000;
  const wide stated = voltage.stated.count();
  if (!voltage.is_line_to_line)
    return milliamperes{static_cast<std::int64_t>(floor_of(microwatts, stated))};
  return milliamperes{root_floor(3 * microwatts * microwatts / (stated * stated))};
}

std::int64_t milliwatts_per_ampere(const domain::connector& connector, node_voltage voltage) {
  const wide stated = voltage.stated.count();
  const bool is_delta = connector.wiring == domain::connection::delta;
  if (is_delta) return voltage.is_line_to_line ? voltage.stated.count()
                                               : root_floor(3 * stated * stated);
  const wide lines = connector.line_count;
  return voltage.is_line_to_line ? root_floor(lines * lines * stated * stated / 3)
                                 : static_cast<std::int64_t>(lines * stated);
}

std::vector<node_voltage> voltages_of(const domain::site& site) {
  std::vector<node_voltage> voltages;
  voltages.reserve(site.nodes.size());
  for (const auto& node : site.nodes) {
    if (node.transformer) voltages.push_back({node.transformer->secondary, true});
    else if (node.parent) voltages.push_back(voltages[node.parent->value()]);
    else voltages.push_back({site.nominal, false});
  }
  return voltages;
}

milliamperes rated_current(domain::volt_amperes rated, domain::millivolts line_to_line) {
  // rated / (sqrt 3 V), in mA of VA / mV: squared, so that the root is the only rounding.
  const wide scaled = wide{rated.count()} * 1'000'000;
  const wide volts = line_to_line.count();
  return milliamperes{root_floor(scaled * scaled / (3 * volts * volts))};
}

domain::watts power_ceil(milliamperes total, node_voltage voltage) {
  const wide product = wide{total.count()} * voltage.stated.count();
  constexpr wide per_watt = 1'000'000;
  if (!voltage.is_line_to_line)
    return domain::watts{static_cast<std::int64_t>(ceil_of(product, per_watt))};
  return domain::watts{root_ceil(ceil_of(product * product, 3 * per_watt * per_watt))};
}

domain::millivolts to_neutral(node_voltage voltage) {
  if (!voltage.is_line_to_line) return voltage.stated;
  const wide stated = voltage.stated.count();
  return domain::millivolts{root_floor(stated * stated / 3)};
}

/// Primary line i of delta-wye carries (secondary i - secondary k) Vs / (sqrt 3 Vp), k the line
/// before i. For line-to-neutral loads |i - k|^2 = i^2 + k^2 + i k; any loads are within i + k.
std::int64_t primary_current(std::int64_t i, std::int64_t k, const domain::transformer_data& data,
                             bool is_mixed) {
  const wide both = wide{i} * k;
  const wide square = wide{i} * i + wide{k} * k + (is_mixed ? 2 * both : both);
  const wide secondary = data.secondary.count();
  const wide primary = data.primary.value_or(data.secondary).count();
  return static_cast<std::int64_t>(
      ceil_of(wide{root_ceil(ceil_of(square, 3))} * secondary, primary));
}

} // namespace busbar::control::limits
