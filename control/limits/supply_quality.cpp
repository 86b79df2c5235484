#include "control/limits/supply_quality.hpp"

#include "control/limits/integer_math.hpp"
#include "control/stations/phase_currents.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::permille;
using domain::severity;

namespace {

/// One quantity at one moment: outside where it is below `low` or above `high`.
struct quantity_now {
  const char* below;
  const char* above;
  const char* unit;
  std::optional<std::int64_t> measured;
  std::int64_t low = 0;
  std::int64_t high = 0;
  /// From here on at once critical, where a deviation can be that large; never where absent.
  std::optional<std::int64_t> critical_below;
  std::optional<std::int64_t> critical_above;

  [[nodiscard]] bool is_outside() const {
    return measured && (*measured < low || *measured > high);
  }
  [[nodiscard]] bool is_below(std::int64_t value) const { return value < low; }
};

quantity_now voltage_of(const domain::quality_bands& bands, domain::millivolts nominal,
                        const supply_sample& sample) {
  const std::int64_t far = nominal.count() * bands.voltage_deviation.count() / 1'000;
  quantity_now now{"voltage below its band", "voltage above its band", "mv", {},
                   nominal.count() - far, nominal.count() + far, {}, {}};
  if (sample.voltage) now.measured = sample.voltage->count();
  now.critical_below = now.low - far;
  now.critical_above = now.high + far;
  return now;
}

quantity_now frequency_of(const domain::quality_bands& bands, const supply_sample& sample) {
  constexpr std::int64_t between_50_and_60 = 55'000;
  const bool is_60 = sample.frequency_mhz.value_or(0) > between_50_and_60;
  const std::int64_t nominal = bands.frequency_mhz.value_or(is_60 ? 60'000 : 50'000);
  const std::int64_t far = bands.frequency_deviation_mhz;
  return {"frequency below its band", "frequency above its band", "mhz", sample.frequency_mhz,
          nominal - far, nominal + far, nominal - 2 * far, nominal + 2 * far};
}

bool has_load(const supply_sample& sample) {
  return sample.current && std::ranges::max(*sample.current) >= quality_watched_from;
}

quantity_now power_factor_of(const domain::quality_bands& bands, const supply_sample& sample) {
  quantity_now now{"power factor below its band", "", "permille", {},
                   bands.power_factor_min.count(), 1'000, {}, {}};
  if (has_load(sample) && sample.power_factor) now.measured = sample.power_factor->count();
  return now;
}

quantity_now balance_of(const domain::quality_bands& bands, const supply_sample& sample) {
  quantity_now now{"", "line currents more unequal than allowed", "permille", {}, 0,
                   bands.imbalance_max.value_or(permille{1'000}).count(), {}, {}};
  if (bands.imbalance_max && has_load(sample))
    now.measured = stations::imbalance(*sample.current).count();
  return now;
}

severity level_of(const quantity_now& now, domain::microseconds lasted,
                  const violation_settings& settings) {
  if (!now.is_outside()) return severity::info;
  if (!now.critical_below) return severity::warning;
  const bool is_far = *now.measured < *now.critical_below || *now.measured > *now.critical_above;
  return is_far || lasted >= settings.critical_after ? severity::critical : severity::warning;
}

} // namespace

supply_quality::supply_quality(const domain::site& site)
    : site_(site), memories_(site.nodes.size()) {
  for (const node_voltage& each : voltages_of(site)) {
    const wide stated = each.stated.count();
    nominal_.push_back(each.is_line_to_line
                           ? domain::millivolts{root_floor(stated * stated / 3)}
                           : each.stated);
  }
}

void supply_quality::watch(domain::node_index node, const supply_sample& sample,
                           domain::instant now,
                           std::vector<domain::violation>& violations) {
  const auto& bands = site_.nodes[node.value()].protection.quality;
  const std::array<quantity_now, quantities> all{
      voltage_of(bands, nominal_[node.value()], sample), frequency_of(bands, sample),
      power_factor_of(bands, sample), balance_of(bands, sample)};
  for (std::size_t i = 0; i < all.size(); ++i) {
    auto& own = memories_[node.value()][i];
    const bool is_outside = all[i].is_outside();
    if (is_outside) {
      own.exceeded_since = own.exceeded_since.value_or(now);
      own.kept_since.reset();
      own.measured = *all[i].measured;
      own.allowed = all[i].is_below(own.measured) ? all[i].low : all[i].high;
    } else if (own.exceeded_since) {
      own.kept_since = own.kept_since.value_or(now);
      if (now - *own.kept_since >= settings_.clear_after) own = {};
    }
    if (!is_outside) continue;
    const char* what = own.measured < own.allowed ? all[i].below : all[i].above;
    violations.push_back({site_.nodes[node.value()].id.text(), what,
                          level_of(all[i], now - *own.exceeded_since, settings_),
                          *own.exceeded_since, own.measured, own.allowed, all[i].unit});
  }
}

} // namespace busbar::control::limits
