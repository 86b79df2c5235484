#include "adapters/http/api/constraint_status.hpp"

#include "adapters/http/json/view_json.hpp"
#include "control/limits/node_limits.hpp"
#include "control/stations/phase_currents.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace busbar::adapters::http::api {

using namespace json;

namespace {

/// As a configuration's body names it.
const char* cooling_text(domain::cooling method) {
  if (method == domain::cooling::onan) return "ONAN";
  return method == domain::cooling::onaf ? "ONAF" : "ONAN-distribution";
}

using domain::severity;
using domain::watts;

template <class Quantity>
void write_decimal_of(text::json_writer& json, const char* name,
                      const std::optional<Quantity>& value) {
  if (value) json.key(name).raw(decimal_of(value->count()));
}

void write_decimal_or_null(text::json_writer& json, const char* name,
                           const std::optional<std::int64_t>& value) {
  json.key(name);
  if (value) json.raw(decimal_of(*value));
  else json.null();
}

/// Power at the node's voltage of what is left on each line, at most what its power bound leaves
/// beside the reserves; absent where nothing bounds it. Where its power alone is bounded the lines
/// carry that.
std::optional<watts> free_power(const domain::site_view& view, std::size_t place) {
  const domain::node_view& node = view.nodes[place];
  if (node.source == domain::limit_source::unspecified) return std::nullopt;
  const auto voltage = control::limits::voltages_of(*view.topology)[place];
  domain::milliamperes left{};
  domain::milliamperes reserved{};
  for (const domain::line line : domain::all_lines) {
    const std::size_t i = domain::index_of(line);
    left += std::max(node.limit_now[i] - node.reserved[i], domain::milliamperes{});
    reserved += node.reserved[i];
  }
  domain::connector one_line;
  one_line.line_count = 1;
  const auto milliwatts = control::limits::milliwatts_per_ampere(one_line, voltage);
  const auto power_of = [milliwatts](domain::milliamperes current) {
    return watts{current.count() * milliwatts / 1'000'000};
  };
  if (!node.power_limit) return power_of(left);
  return std::min(power_of(left), std::max(*node.power_limit - power_of(reserved), watts{}));
}

void write_severity(text::json_writer& json, const domain::site_view& view, severity level) {
  json.key(name_of(level)).begin_array();
  for (const domain::violation& each : view.violations)
    if (each.level == level)
      json.value(each.subject + ": " + each.what + ": " + std::to_string(each.measured) + " " +
                 each.unit + ", allowed " + std::to_string(each.allowed));
  json.end_array();
}

const char* state_of(const domain::site_view& view) {
  const auto has = [&](severity level) {
    return std::any_of(view.violations.begin(), view.violations.end(),
                       [=](const auto& each) { return each.level == level; });
  };
  if (has(severity::critical)) return "critical";
  return has(severity::warning) ? "warning" : "normal";
}

} // namespace

std::string decimal_of(std::int64_t thousandths) {
  const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
  std::string fraction = std::to_string(1'000 + size % 1'000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return (thousandths < 0 ? "-" : "") + std::to_string(size / 1'000) +
         (fraction.empty() ? "" : "." + fraction);
}

std::string kilowatts(watts power) { return decimal_of(power.count()); }

void write_site_constraints(text::json_writer& json, const domain::site_view& view) {
  const auto left = free_power(view, 0);
  json.begin_object().member("site", view.topology->id.text());
  json.member("at", domain::text_of(view.at)).member("state", state_of(view));
  json.key("available_capacity_kw");
  if (left) json.raw(kilowatts(*left));
  else json.null();
  json.key("imbalance");
  json.raw(decimal_of(control::stations::imbalance(view.nodes.front().measured).count()));
  json.key("violations").begin_object();
  for (const severity level : {severity::critical, severity::warning, severity::info})
    write_severity(json, view, level);
  json.end_object().end_object();
}

void write_constraint_members(text::json_writer& json, const domain::site_view& view,
                              std::size_t place) {
  const domain::node_view& node = view.nodes[place];
  const auto left = free_power(view, place);
  json.key("available_capacity_kw");
  if (left) json.raw(kilowatts(*left));
  else json.null();
  json.key("imbalance").raw(decimal_of(control::stations::imbalance(node.measured).count()));
  json.key("measurements").begin_object();
  write_lines(json, "current_ma", node.measured);
  json.key("power_kw").raw(kilowatts(node.power));
  const auto count = [](const auto& value) {
    return value ? std::optional{value->count()} : std::nullopt;
  };
  write_decimal_or_null(json, "voltage", count(node.voltage));
  write_decimal_or_null(json, "frequency", node.frequency_mhz);
  write_decimal_or_null(json, "power_factor", count(node.power_factor));
  json.end_object().key("configured");
  write_configuration(json, *view.topology, view.topology->nodes[place].id);
}

void write_configuration(text::json_writer& json, const domain::site& site,
                         const domain::node_id& node) {
  if (site.configured)
    for (const auto& each : site.configured->nodes)
      if (each.node == node) return write_configuration(json, each);
  json.null();
}

void write_configuration(text::json_writer& json, const domain::node_configuration& entry) {
  json.begin_object();
  if (entry.kind) json.member("kind", name_of(*entry.kind));
  if (entry.parent) json.member("parent", entry.parent->text());
  if (entry.name) json.member("name", *entry.name);
  write_decimal_of(json, "maxCurrent", entry.current_max);
  write_decimal_of(json, "maxPower", entry.power_max);
  if (entry.lines) json.member("phases", int{*entry.lines});
  write_decimal_of(json, "nec625Factor", entry.continuous);
  write_decimal_of(json, "breakerRating", entry.breaker);
  write_decimal_of(json, "cableAmpacity", entry.cable);
  write_decimal_of(json, "ratedPower", entry.rated);
  write_decimal_of(json, "continuousFactor", entry.load_max);
  write_decimal_of(json, "maxTemp", entry.oil_max);
  if (entry.cooled) json.member("coolingMethod", cooling_text(*entry.cooled));
  write_decimal_of(json, "maxImbalance", entry.imbalance_max);
  write_decimal_of(json, "minPowerFactor", entry.power_factor_min);
  write_decimal_of(json, "voltageDeviation", entry.voltage_deviation);
  const auto mhz = [](const std::optional<std::int64_t>& value) {
    return value ? std::optional{domain::milliamperes{*value}} : std::nullopt;
  };
  write_decimal_of(json, "frequency", mhz(entry.frequency_mhz));
  write_decimal_of(json, "frequencyDeviation", mhz(entry.frequency_deviation_mhz));
  json.end_object();
}

} // namespace busbar::adapters::http::api
