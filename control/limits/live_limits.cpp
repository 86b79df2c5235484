#include "control/limits/live_limits.hpp"

#include "control/limits/integer_math.hpp"
#include "control/limits/supply_limits.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <utility>

namespace busbar::control::limits {

using domain::milliamperes;
using domain::seconds;

namespace {

/// Below a tenth of the apparent rating the power factor is that of standby supplies and says
/// nothing about what vehicles will have.
constexpr std::int64_t small_load_divisor = 10;

/// The part of `elapsed` since `past` in whole seconds; moves `past` on by as much.
seconds whole_seconds(std::optional<domain::instant>& past, domain::instant now) {
  // The clock may have been set back: it goes on from now.
  past = std::min(past.value_or(now), now);
  const auto elapsed = std::chrono::floor<seconds>(now - *past);
  *past += elapsed;
  return elapsed;
}

domain::permille load_of(const thermal_data& thermal,
                         const domain::per_line<milliamperes>& current) {
  const auto most = *std::max_element(current.begin(), current.end());
  return domain::permille{
      static_cast<std::int64_t>(ceil_of(wide{most.count()} * 1'000, thermal.rated.count()))};
}

/// Magnitude of the measured power factor, rounded down; absent where too little flows.
std::optional<domain::permille> power_factor_of(domain::volt_amperes rated, node_voltage voltage,
                                                const node_flow& flow) {
  milliamperes total{};
  for (const auto line : *flow.current) total += line < milliamperes{} ? -line : line;
  const auto volts = flow.voltage.value_or(to_neutral(voltage)).count();
  const wide apparent = wide{total.count()} * volts / 1'000'000;
  if (apparent * small_load_divisor < rated.count() || apparent == 0) return std::nullopt;
  const wide power = std::abs(flow.power.count());
  return domain::permille{
      std::min<std::int64_t>(1'000, static_cast<std::int64_t>(floor_of(power * 1'000, apparent)))};
}

bool has_model(const domain::node& node) {
  return node.protection.thermal && node.transformer;
}

/// As after a long time at the most that it may carry for ever, at most its rated load: hotter than
/// a site that has kept its limits, and not so hot that nothing may flow.
thermal_state unknown_temperatures(const thermal_data& thermal,
                                   domain::millidegrees_celsius ambient) {
  auto by_heat = thermal;
  by_heat.load_max = domain::permille{1'000};
  const auto most = settled_limit(by_heat, ambient);
  const auto load = ceil_of(wide{(*most.current)[0].count()} * 1'000, thermal.rated.count());
  return settled(thermal.cooling, domain::permille{static_cast<std::int64_t>(load)}, ambient);
}

/// As after a long time at the rating.
breaker_heat unknown_heat(const domain::breaker_data& breaker) {
  const domain::per_line<milliamperes> rated{breaker.rated, breaker.rated, breaker.rated};
  return heat_after(breaker, {}, rated, 20 * breaker.time_constant);
}

/// The numbers of a rule in one; equal where all of them are.
std::uint64_t in_one(std::initializer_list<std::int64_t> numbers) {
  std::uint64_t one = 14'695'981'039'346'656'037U;
  for (const auto number : numbers)
    for (int byte = 0; byte < 8; ++byte) {
      one ^= (static_cast<std::uint64_t>(number) >> (8 * byte)) & 0xff;
      one *= 1'099'511'628'211U; // FNV-1a
    }
  return one;
}

std::uint64_t rule_of(const domain::breaker_data& breaker) {
  return in_one({breaker.rated.count(), breaker.holds.count(), breaker.time_constant.count(),
                 breaker.instantaneous_from});
}

/// REQUIRES: a thermal rule.
std::uint64_t rule_of(const domain::node_protection& rules, const thermal_data& thermal) {
  const auto& own = *rules.thermal;
  return in_one({static_cast<std::int64_t>(own.how), own.oil_max.count(), own.hot_spot_max.count(),
                 own.load_max.count(), rules.ambient.count(), thermal.rated.count()});
}

bool is_cooler(const thermal_state& one, const thermal_state& other) {
  return one.hot_spot() < other.hot_spot() && one.oil < other.oil;
}

} // namespace

live_limits::live_limits(const domain::site& site)
    : site_(site), voltages_(voltages_of(site)), models_(site.nodes.size()) {
  for (std::size_t i = 0; i < models_.size(); ++i) start(models_[i], site.nodes[i]);
}

void live_limits::start(model& own, const domain::node& node) {
  const auto& data = node.protection;
  own.is_used = data.breaker || data.thermal || data.voltage || data.frequency ||
                data.peak_demand || data.apparent;
  if (!own.is_used) return;
  const auto stated = stated_limits(node);
  if (stated.line)
    for (std::size_t i = 0; i < 3; ++i) own.full[i] = milliamperes{(*stated.line)[i].allowed};
  if (data.breaker) {
    for (auto& line : own.full)
      line = stated.line ? std::min(line, data.breaker->rated) : data.breaker->rated;
    own.heat = unknown_heat(*data.breaker);
  }
  const auto place = static_cast<std::size_t>(&own - models_.data());
  const auto lines = own.full[0] + own.full[1] + own.full[2];
  own.full_power = stated.power ? domain::watts{stated.power->allowed}
                                : power_ceil(lines, voltages_[place]);
  if (!has_model(node)) return;
  own.thermal = thermal_data_of(*data.thermal, *node.transformer);
  own.temperatures = unknown_temperatures(own.thermal, data.ambient);
}

domain::node_warmth live_limits::warmth_of(std::size_t place) const {
  const auto& own = models_[place];
  const auto& node = site_.nodes[place];
  domain::node_warmth known{domain::node_index{place}, {}, {}, {}, {}};
  if (!own.is_used) return known;
  if (const auto& breaker = node.protection.breaker) {
    known.breaker_ppm = own.heat;
    known.breaker_rule = rule_of(*breaker);
  }
  if (!has_model(node)) return known;
  const auto& now = own.temperatures;
  known.transformer = {now.oil, now.fast_rise, now.slow_rise};
  known.transformer_rule = rule_of(node.protection, own.thermal);
  return known;
}

std::vector<domain::node_warmth> live_limits::warmth() const {
  std::vector<domain::node_warmth> all;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    if (!models_[i].modelled_at) continue;
    auto known = warmth_of(i);
    if (known.breaker_ppm || known.transformer) all.push_back(std::move(known));
  }
  return all;
}

void live_limits::restore(const std::vector<domain::node_warmth>& remembered) {
  for (const auto& each : remembered)
    if (each.node.value() < models_.size()) go_on(each.node.value(), each);
}

void live_limits::go_on(std::size_t place, const domain::node_warmth& then) {
  auto& own = models_[place];
  const auto& node = site_.nodes[place];
  const auto& rules = node.protection;
  if (rules.breaker && then.breaker_ppm) {
    const bool is_same = !then.breaker_rule || then.breaker_rule == rule_of(*rules.breaker);
    own.heat = is_same ? *then.breaker_ppm : unknown_heat(*rules.breaker);
  }
  if (!has_model(node) || !then.transformer) return;
  const auto& [oil, fast_rise, slow_rise] = *then.transformer;
  const thermal_state remembered{oil, fast_rise, slow_rise};
  const auto unknown = unknown_temperatures(own.thermal, rules.ambient);
  const bool is_same =
      !then.transformer_rule || then.transformer_rule == rule_of(rules, own.thermal);
  own.temperatures = is_same || is_cooler(remembered, unknown) ? remembered : unknown;
}

void live_limits::take_over(const live_limits& before,
                            const std::vector<std::optional<domain::node_index>>& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i]) continue;
    const auto place = nodes[i]->value();
    auto& own = models_[place];
    const auto& other = before.models_[i];
    if (!own.is_used || !other.is_used) continue;
    go_on(place, before.warmth_of(i));
    const bool has_window = site_.nodes[place].protection.peak_demand &&
                            before.site_.nodes[i].protection.peak_demand;
    if (!has_window) continue;
    own.window = other.window;
    own.seen_at = other.seen_at;
  }
}

void live_limits::advance(model& own, const domain::node& node, domain::instant now) {
  const auto& data = node.protection;
  // The clock may have been set back: the model goes on from now.
  if (own.modelled_at) own.modelled_at = std::min(*own.modelled_at, now);
  if (own.modelled_at && now - *own.modelled_at < model_every) return;
  const auto elapsed = whole_seconds(own.modelled_at, now);
  if (data.breaker) {
    own.heat = heat_after(*data.breaker, own.heat, own.highest, elapsed);
    own.breaker_limit = limits::breaker_limit(*data.breaker, own.heat);
  }
  if (has_model(node)) {
    own.temperatures = limits::advance(own.thermal.cooling, own.temperatures,
                                       load_of(own.thermal, own.highest), data.ambient, elapsed);
    own.thermal_limit = limits::thermal_limit(own.thermal, own.temperatures, data.ambient);
  }
  own.highest = {};
}

void live_limits::watch_peak(model& own, const domain::node& node, const node_flow& flow,
                             domain::instant now, std::vector<domain::limit>& out) {
  if (!own.seen_at) own.window.assume(*node.protection.peak_demand, now);
  const auto elapsed = whole_seconds(own.seen_at, now);
  const auto unseen = flow.current_max ? flow.power_max : own.full_power;
  own.window.add(flow.current ? flow.power : unseen, now, elapsed);
  out.push_back(own.window.limit(*node.protection.peak_demand, now));
}

void live_limits::follow_grid(const model& own, const domain::node& node, node_voltage voltage,
                              const node_flow& flow, std::vector<domain::limit>& out) const {
  const auto& data = node.protection;
  if (data.apparent && flow.current)
    if (const auto factor = power_factor_of(*data.apparent, voltage, flow))
      out.push_back(power_factor_limit(*data.apparent, *factor));
  if (data.voltage && flow.voltage) {
    const auto least = *std::min_element(own.full.begin(), own.full.end());
    if (auto limit = voltage_limit(*data.voltage, to_neutral(voltage), *flow.voltage, least))
      out.push_back(*limit);
  }
  if (data.frequency && flow.frequency_mhz)
    if (auto limit = frequency_limit(*data.frequency, *flow.frequency_mhz, own.full_power))
      out.push_back(*limit);
}

void live_limits::observe(domain::node_index index, const node_flow& flow, domain::instant now,
                          std::vector<domain::limit>& out) {
  auto& own = models_[index.value()];
  if (!own.is_used) return;
  const auto& node = site_.nodes[index.value()];
  const auto& unseen = flow.current_max ? *flow.current_max : own.full;
  const auto& current = flow.current ? *flow.current : unseen;
  for (std::size_t i = 0; i < 3; ++i)
    own.highest[i] = std::max({own.highest[i], current[i], -current[i]});
  advance(own, node, now);
  if (own.breaker_limit) out.push_back(*own.breaker_limit);
  if (own.thermal_limit) out.push_back(*own.thermal_limit);
  if (node.protection.peak_demand) watch_peak(own, node, flow, now, out);
  follow_grid(own, node, voltages_[index.value()], flow, out);
}

node_heat live_limits::heat_of(domain::node_index index) const {
  const auto& own = models_[index.value()];
  const auto& data = site_.nodes[index.value()].protection;
  node_heat heat;
  if (data.breaker)
    heat.breaker = domain::permille{*std::max_element(own.heat.begin(), own.heat.end()) / 1'000};
  if (data.thermal && site_.nodes[index.value()].transformer) {
    heat.oil = own.temperatures.oil;
    heat.hot_spot = own.temperatures.hot_spot();
  }
  return heat;
}

} // namespace busbar::control::limits
