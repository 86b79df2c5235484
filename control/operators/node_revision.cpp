#include "control/operators/node_revision.hpp"

#include "control/operators/configuration.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace busbar::control::operators {

using domain::errc;
using domain::error;
using domain::limit_source;
using domain::milliamperes;
using domain::result;

namespace {

constexpr std::int64_t value_max = 100'000'000;

/// One field against its range.
struct bounded {
  const char* name;
  std::optional<std::int64_t> value;
  std::int64_t low;
  std::int64_t high;
  const char* unit;
};

template <class Quantity>
std::optional<std::int64_t> count_of(const std::optional<Quantity>& value) {
  return value ? std::optional{value->count()} : std::nullopt;
}

std::optional<std::int64_t> as_number(const std::optional<std::uint8_t>& value) {
  return value ? std::optional{std::int64_t{*value}} : std::nullopt;
}

std::array<bounded, 14> fields_of(const domain::node_configuration& wanted) {
  return {{
      {"current_max", count_of(wanted.current_max), 1, value_max, " mA"},
      {"power_max", count_of(wanted.power_max), 1, value_max, " W"},
      {"lines", as_number(wanted.lines), 1, 3, ""},
      {"continuous", count_of(wanted.continuous), 1, 1'000, " permille"},
      {"breaker", count_of(wanted.breaker), 1, value_max, " mA"},
      {"cable", count_of(wanted.cable), 1, value_max, " mA"},
      {"rated", count_of(wanted.rated), 1'000, value_max, " VA"},
      {"load_max", count_of(wanted.load_max), 100, 1'500, " permille"},
      {"oil_max", count_of(wanted.oil_max), 40'000, 115'000, " m degC"},
      {"imbalance_max", count_of(wanted.imbalance_max), 1, 1'000, " permille"},
      {"power_factor_min", count_of(wanted.power_factor_min), 0, 1'000, " permille"},
      {"voltage_deviation", count_of(wanted.voltage_deviation), 1, 500, " permille"},
      {"frequency", wanted.frequency_mhz, 40'000, 70'000, " mHz"},
      {"frequency_deviation", wanted.frequency_deviation_mhz, 1, 10'000, " mHz"},
  }};
}

result<void> check_ranges(const domain::node_configuration& wanted) {
  for (const bounded& each : fields_of(wanted))
    if (each.value && (*each.value < each.low || *each.value > each.high))
      return error{errc::out_of_range, wanted.node.text() + ": " + each.name + " is " +
                                           std::to_string(*each.value) + each.unit +
                                           ": allowed is " + std::to_string(each.low) + " to " +
                                           std::to_string(each.high) + each.unit};
  return {};
}

/// The node's limit of that source, made where there is none.
domain::limit& limit_of(domain::node& node, limit_source source) {
  for (auto& each : node.limits)
    if (each.source == source) return each;
  node.limits.push_back({source, {}, {}});
  return node.limits.back();
}

void drop_empty_limits(domain::node& node) {
  std::erase_if(node.limits, [](const auto& each) { return !each.current && !each.power; });
}

void set_current(domain::node& node, limit_source source, milliamperes current) {
  auto& lines = limit_of(node, source).current.emplace();
  lines.fill(current);
}

/// What the service states under another name is what is set here, too.
void set_rating(domain::node& node, const domain::node_configuration& wanted) {
  if (wanted.current_max) {
    set_current(node, limit_source::rating, *wanted.current_max);
    for (auto& each : node.limits)
      if (each.source == limit_source::service_current) each.current.reset();
  }
  if (wanted.power_max) {
    for (auto& each : node.limits)
      if (each.source == limit_source::rating) each.power.reset();
    limit_of(node, limit_source::service_power).power = *wanted.power_max;
  }
  drop_empty_limits(node);
}

result<void> set_lines(domain::node& node, std::uint8_t lines) {
  const auto rating = std::find_if(node.limits.begin(), node.limits.end(), [](const auto& each) {
    return each.source == limit_source::rating && each.current;
  });
  if (lines == 3) return {};
  if (rating == node.limits.end())
    return error{errc::conflict, node.id.text() + ": lines is " + std::to_string(lines) +
                                     " where no current is stated; state the current as well"};
  for (std::size_t line = lines; line < 3; ++line) (*rating->current)[line] = {};
  return {};
}

result<void> set_transformer(domain::node& node, const domain::node_configuration& wanted) {
  const bool is_asked = wanted.rated || wanted.load_max || wanted.oil_max || wanted.cooled;
  if (!is_asked) return {};
  if (!node.transformer)
    return error{errc::conflict, node.id.text() + " is no transformer"};
  if (wanted.rated) node.transformer->rated = *wanted.rated;
  if (!wanted.load_max && !wanted.oil_max && !wanted.cooled) return {};
  auto& rule = node.protection.thermal;
  if (!rule) rule.emplace();
  rule->load_max = wanted.load_max.value_or(rule->load_max);
  rule->oil_max = wanted.oil_max.value_or(rule->oil_max);
  rule->how = wanted.cooled.value_or(rule->how);
  return {};
}

void set_bands(domain::quality_bands& bands, const domain::node_configuration& wanted) {
  if (wanted.imbalance_max) bands.imbalance_max = wanted.imbalance_max;
  bands.power_factor_min = wanted.power_factor_min.value_or(bands.power_factor_min);
  bands.voltage_deviation = wanted.voltage_deviation.value_or(bands.voltage_deviation);
  if (wanted.frequency_mhz) bands.frequency_mhz = wanted.frequency_mhz;
  bands.frequency_deviation_mhz =
      wanted.frequency_deviation_mhz.value_or(bands.frequency_deviation_mhz);
}

} // namespace

std::string text_of(const domain::node_configuration& entry) {
  std::string text = entry.name ? "name '" + *entry.name + "'" : "";
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const bounded& each : fields_of(entry))
    if (each.value) add(std::string{each.name} + " " + std::to_string(*each.value) + each.unit);
  if (entry.kind) add(std::string{"new "} + name_of(*entry.kind));
  if (entry.parent) add("hangs on " + entry.parent->text());
  if (entry.cooled) add(std::string{"cooling "} + name_of(*entry.cooled));
  return text.empty() ? "nothing" : text;
}

result<void> revise(domain::node& node, const domain::node_configuration& wanted) {
  if (auto right = check_ranges(wanted); !right) return right;
  node.name = wanted.name.value_or(node.name);
  set_rating(node, wanted);
  if (wanted.lines)
    if (auto done = set_lines(node, *wanted.lines); !done) return done;
  node.continuous = wanted.continuous.value_or(node.continuous);
  if (wanted.breaker) {
    set_current(node, limit_source::breaker, *wanted.breaker);
    if (node.protection.breaker) node.protection.breaker->rated = *wanted.breaker;
  }
  if (wanted.cable) set_current(node, limit_source::cable, *wanted.cable);
  set_bands(node.protection.quality, wanted);
  return set_transformer(node, wanted);
}

} // namespace busbar::control::operators
