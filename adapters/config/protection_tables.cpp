// What protects a node: [node.breaker], [node.cable], [node.thermal], [node.imbalance],
// [node.voltage], [node.frequency], [node.quality], and the peak-demand, apparent and ambient
// figures beside them.

#include "adapters/config/site_tables.hpp"

namespace busbar::adapters::config {

namespace {

constexpr range positive_amperes{0.001, 100'000, "A"};
constexpr range ratings{1, 100'000'000, "VA"};

/// 1 A where it is missing or at fault: the file is refused, and later checks find a value.
domain::milliamperes required_amperes(table_reader& reader, const char* key) {
  const auto read = reader.thousandths(key, positive_amperes);
  if (!reader.has(key)) reader.fail_absent(key, "is missing: 0.001 to 100000 A");
  return domain::milliamperes{read.value_or(1'000)};
}

domain::breaker_data read_breaker(const toml::table& table, const std::string& what,
                                  fault_list& faults) {
  table_reader reader{table, what + " breaker", faults};
  domain::breaker_data breaker;
  breaker.rated = required_amperes(reader, "rated_a");
  put(breaker.holds, reader.integer("holds_permille", {1'000, 1'500, "permille"}));
  put(breaker.time_constant, reader.integer("time_constant_s", {1, 7'200, "s"}));
  if (const auto curve = reader.choice("curve", {"B", "C", "D"}))
    breaker.instantaneous_from = *curve == "B" ? 3 : *curve == "C" ? 5 : 10;
  reader.finish();
  return breaker;
}

domain::cable_data read_cable(const toml::table& table, const std::string& what,
                              fault_list& faults) {
  table_reader reader{table, what + " cable", faults};
  domain::cable_data cable;
  cable.tabled = required_amperes(reader, "tabled_a");
  put(cable.conductor_max, reader.thousandths("conductor_max_c", {50, 250, "degrees Celsius"}));
  put(cable.reference, reader.thousandths("reference_c", {-20, 80, "degrees Celsius"}));
  put(cable.grouping, reader.integer("grouping_permille", {1, 1'000, "permille"}));
  reader.require({"reference_c", cable.reference.count()}, key_order::below,
                       {"conductor_max_c", cable.conductor_max.count()}, 1'000);
  reader.finish();
  return cable;
}

domain::thermal_rule read_thermal(const toml::table& table, const std::string& what,
                                  fault_list& faults) {
  table_reader reader{table, what + " thermal", faults};
  domain::thermal_rule thermal;
  using enum domain::cooling;
  put(thermal.how, reader.one_of("cooling", {onan_distribution, onan, onaf}));
  // IEC 60076-7: 115 degrees of oil and 160 of hot spot are the bounds of an emergency.
  put(thermal.oil_max, reader.thousandths("oil_max_c", {40, 115, "degrees Celsius"}));
  put(thermal.hot_spot_max, reader.thousandths("hot_spot_max_c", {60, 160, "degrees Celsius"}));
  put(thermal.load_max, reader.integer("load_max_permille", {100, 1'500, "permille"}));
  reader.finish();
  return thermal;
}

domain::imbalance_rule read_imbalance(const toml::table& table, const std::string& what,
                                      fault_list& faults) {
  table_reader reader{table, what + " imbalance", faults};
  domain::imbalance_rule rule;
  put(rule.difference, reader.thousandths("difference_a", {0.1, 10'000, "A"}));
  put(rule.single_line, reader.integer("single_line_va", {1, 10'000'000, "VA"}));
  put(rule.of_mean, reader.integer("of_mean_permille", {1, 3'000, "permille"}));
  if (!reader.has("difference_a") && !reader.has("single_line_va") &&
      !reader.has("of_mean_permille"))
    reader.fail("difference_a", "and `single_line_va` and `of_mean_permille` are missing: an "
                                "imbalance rule states at least one of them");
  reader.finish();
  return rule;
}

domain::voltage_band read_voltage(const toml::table& table, const std::string& what,
                                  fault_list& faults) {
  table_reader reader{table, what + " voltage", faults};
  domain::voltage_band band;
  put(band.start, reader.integer("start_permille", {500, 1'100, "permille"}));
  put(band.stop, reader.integer("stop_permille", {500, 1'100, "permille"}));
  reader.require({"stop_permille", band.stop.count()}, key_order::below,
                       {"start_permille", band.start.count()});
  reader.finish();
  return band;
}

domain::frequency_droop read_frequency(const toml::table& table, const std::string& what,
                                       fault_list& faults) {
  table_reader reader{table, what + " frequency", faults};
  domain::frequency_droop droop;
  // Thousandths of a hertz are millihertz.
  put(droop.start_mhz, reader.thousandths("start_hz", {40, 70, "Hz"}));
  put(droop.stop_mhz, reader.thousandths("stop_hz", {40, 70, "Hz"}));
  reader.require({"stop_hz", droop.stop_mhz}, key_order::below, {"start_hz", droop.start_mhz},
                 1'000);
  reader.finish();
  return droop;
}

domain::quality_bands read_quality(const toml::table& table, const std::string& what,
                                   fault_list& faults) {
  table_reader reader{table, what + " quality", faults};
  domain::quality_bands bands;
  put(bands.voltage_deviation, reader.integer("voltage_deviation_permille", {1, 500, "permille"}));
  put(bands.frequency_mhz, reader.thousandths("frequency_hz", {40, 70, "Hz"}));
  put(bands.frequency_deviation_mhz,
      reader.thousandths("frequency_deviation_hz", {0.001, 10, "Hz"}));
  put(bands.power_factor_min, reader.integer("power_factor_min_permille", {0, 1'000, "permille"}));
  put(bands.imbalance_max, reader.integer("imbalance_max_permille", {1, 1'000, "permille"}));
  reader.finish();
  return bands;
}

/// Reads the table `key` where it stands.
template <class Part>
void read_part(table_reader& node, const char* key, const std::string& what, fault_list& faults,
               std::optional<Part>& part,
               Part (*read)(const toml::table&, const std::string&, fault_list&)) {
  if (const auto* table = node.table(key)) part = read(*table, what, faults);
}

void check_parts(table_reader& reader, const domain::node& node) {
  const auto& own = node.protection;
  for (const auto* key : {"imbalance", "voltage", "frequency", "apparent_va", "quality"})
    if (reader.has(key) && !node.has_meter)
      reader.fail(key, "needs `meter = true`: it holds what this node's meter measures");
  if (own.thermal && node.kind != domain::node_kind::transformer)
    reader.fail("thermal", "belongs to nodes of kind \"transformer\" only");
  if (own.cable)
    reader.require({"ambient_c", own.ambient.count()}, key_order::below,
                         {"cable.conductor_max_c", own.cable->conductor_max.count()}, 1'000);
}

} // namespace

void read_protection(table_reader& reader, const std::string& what, domain::node& node,
                     fault_list& faults) {
  auto& own = node.protection;
  read_part(reader, "breaker", what, faults, own.breaker, read_breaker);
  read_part(reader, "cable", what, faults, own.cable, read_cable);
  read_part(reader, "thermal", what, faults, own.thermal, read_thermal);
  read_part(reader, "imbalance", what, faults, own.imbalance, read_imbalance);
  read_part(reader, "voltage", what, faults, own.voltage, read_voltage);
  read_part(reader, "frequency", what, faults, own.frequency, read_frequency);
  if (const auto* table = reader.table("quality")) own.quality = read_quality(*table, what, faults);
  put(own.peak_demand, reader.integer("peak_demand_w", {1, 100'000'000, "W"}));
  put(own.apparent, reader.integer("apparent_va", ratings));
  put(own.ambient, reader.thousandths("ambient_c", {-50, 80, "degrees Celsius"}));
  check_parts(reader, node);
}

} // namespace busbar::adapters::config
