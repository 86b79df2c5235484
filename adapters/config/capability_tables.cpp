// [[capability]]: what a kind of station can do, beside the built-in profiles.

#include "adapters/config/site_tables.hpp"
#include "control/stations/capability.hpp"

#include <algorithm>

namespace busbar::adapters::config {

namespace {

constexpr range output_volts{1, 2'000, "V"};
constexpr range output_amperes{0, 10'000, "A"};
constexpr range output_watts{0, 10'000'000, "W"};
constexpr range degrees{-20, 150, "degrees Celsius"};
constexpr std::size_t capabilities_max = 256;
constexpr std::size_t curve_points_max = 101;

void read_ranges(table_reader& reader, domain::capability& profile) {
  for (const auto* key : {"voltage_min_v", "voltage_max_v", "current_max_a"})
    if (!reader.has(key)) reader.fail_absent(key, "is missing");
  put(profile.voltage_min, reader.thousandths("voltage_min_v", output_volts));
  put(profile.voltage_max, reader.thousandths("voltage_max_v", output_volts));
  const bool is_ac = profile.kind == domain::current_kind::ac;
  profile.current_min = domain::milliamperes{is_ac ? 6'000 : 0};
  put(profile.current_min, reader.thousandths("current_min_a", output_amperes));
  put(profile.current_max, reader.thousandths("current_max_a", output_amperes));
  put(profile.step, reader.thousandths("step_a", {0.001, 100, "A"}));
  if (profile.voltage_max.count() > 0)
    reader.require({"voltage_min_v", profile.voltage_min.count()}, key_order::at_most,
                           {"voltage_max_v", profile.voltage_max.count()}, 1'000);
  if (profile.current_max.count() > 0)
    reader.require({"current_min_a", profile.current_min.count()}, key_order::at_most,
                           {"current_max_a", profile.current_max.count()}, 1'000);
}

void read_derating(const toml::table& table, const std::string& what, domain::capability& profile,
                   fault_list& faults) {
  table_reader reader{table, what + " derating", faults};
  auto& curve = profile.derating;
  put(curve.start, reader.thousandths("start_c", degrees));
  put(curve.stop, reader.thousandths("stop_c", degrees));
  reader.require({"start_c", curve.start.count()}, key_order::below,
                 {"stop_c", curve.stop.count()}, 1'000);
  reader.finish();
}

void read_point(const toml::table& table, const std::string& what, domain::soc_taper& taper,
                fault_list& faults) {
  table_reader reader{table, what, faults};
  for (const auto* key : {"soc_permille", "power_w"})
    if (!reader.has(key))
      reader.fail_absent(key, "is missing: a point has `soc_permille` and `power_w`");
  const auto soc = reader.integer("soc_permille", {0, 1'000, "permille"});
  const auto power = reader.integer("power_w", output_watts);
  reader.finish();
  if (!soc || !power) return;
  if (!taper.measured.empty() && taper.measured.back().soc.count() >= *soc)
    reader.fail("soc_permille", "is " + std::to_string(*soc) +
                                    ": allowed is above that of the point before, " +
                                    std::to_string(taper.measured.back().soc.count()));
  taper.measured.push_back({domain::permille{*soc}, domain::watts{*power}});
}

/// A point above what the profile ever gives.
void check_measured(table_reader& reader, const domain::capability& profile) {
  for (const auto& point : profile.taper.measured)
    if (point.power > profile.power_max)
      reader.fail("measured", "has " + std::to_string(point.power.count()) + " W at " +
                                  std::to_string(point.soc.count()) +
                                  " permille: allowed is at most `power_max_w`, " +
                                  std::to_string(profile.power_max.count()) + " W");
}

void read_taper(const toml::table& table, const std::string& what, domain::capability& profile,
                fault_list& faults) {
  table_reader reader{table, what + " taper", faults};
  auto& taper = profile.taper;
  put(taper.start, reader.integer("start_permille", {0, 1'000, "permille"}));
  put(taper.permille_per_percent,
      reader.integer("permille_per_percent", {0, 1'000, "permille per percent"}));
  put(taper.floor, reader.integer("floor_permille", {0, 1'000, "permille"}));
  const auto points = reader.tables("measured");
  if (points.size() > curve_points_max)
    reader.fail("measured", "has " + std::to_string(points.size()) + " points: allowed are at " +
                                "most " + std::to_string(curve_points_max));
  else
    for (const auto* point : points) read_point(*point, what + " taper point", taper, faults);
  if (profile.power_max > domain::watts{}) check_measured(reader, profile);
  reader.finish();
}

/// What only one kind of current has.
void read_ac(table_reader& reader, domain::capability& profile) {
  profile.line_count = static_cast<int>(reader.integer("lines", {1, 3, "lines"}).value_or(3));
  put(profile.can_switch_phases, reader.boolean("switch_phases"));
  if (profile.can_switch_phases && profile.line_count != 3)
    reader.fail("switch_phases", "is true: allowed with `lines = 3` only");
  for (const auto* key : {"power_min_w", "power_max_w", "derating", "taper"})
    if (reader.has(key)) reader.fail(key, "is for kind \"dc\" only");
}

void read_dc(table_reader& reader, const std::string& what, domain::capability& profile,
             fault_list& faults) {
  put(profile.power_min, reader.integer("power_min_w", output_watts));
  put(profile.power_max, reader.integer("power_max_w", output_watts));
  if (!reader.has("power_max_w")) reader.fail_absent("power_max_w", "is missing for kind \"dc\"");
  else
    reader.require({"power_min_w", profile.power_min.count()}, key_order::at_most,
                           {"power_max_w", profile.power_max.count()});
  if (const auto* table = reader.table("derating")) read_derating(*table, what, profile, faults);
  if (const auto* table = reader.table("taper")) read_taper(*table, what, profile, faults);
  for (const auto* key : {"lines", "switch_phases"})
    if (reader.has(key)) reader.fail(key, "is for kind \"ac\" only");
}

domain::capability read_capability(const toml::table& table, fault_list& faults) {
  const std::string what = "capability " + table["name"].value<std::string>().value_or("?");
  table_reader reader{table, what, faults};
  domain::capability profile;
  profile.name = reader.required_id("name");
  profile.standard = reader.text("standard", 128).value_or("");
  const auto kind = reader.choice("kind", {"ac", "dc"});
  if (!reader.has("kind")) reader.fail_absent("kind", "is missing: allowed are ac, dc");
  profile.kind = kind == "dc" ? domain::current_kind::dc : domain::current_kind::ac;
  read_ranges(reader, profile);
  if (kind == "ac") read_ac(reader, profile);
  if (kind == "dc") read_dc(reader, what, profile, faults);
  put(profile.is_bidirectional, reader.boolean("bidirectional"));
  put(profile.has_smart_charging, reader.boolean("smart_charging"));
  put(profile.writes_per_minute, reader.integer("writes_per_minute", {1, 1'000, "writes"}));
  put(profile.writes_per_day, reader.integer("writes_per_day", {1, 1'000'000, "writes"}));
  if (kind) reader.finish();
  return profile;
}

} // namespace

void read_capabilities(const std::vector<const toml::table*>& tables, domain::site& site,
                       fault_list& faults) {
  if (tables.size() > capabilities_max) {
    faults.add(tables[capabilities_max]->source(),
               "file: has " + std::to_string(tables.size()) +
                   " capabilities: allowed are at most " + std::to_string(capabilities_max));
    return;
  }
  for (const auto* table : tables) {
    const auto faults_before = faults.size();
    auto profile = read_capability(*table, faults);
    if (control::stations::find_capability(site, profile.name))
      faults.add(table->source(),
                 "capability " + profile.name + ": `name` is there already, here or built in");
    if (faults.size() != faults_before) profile.kind = domain::current_kind::unspecified;
    site.capabilities.push_back(std::move(profile));
  }
}

} // namespace busbar::adapters::config
