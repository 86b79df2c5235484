#include "adapters/ocpp/station/history_samples.hpp"

#include <algorithm>
#include <optional>

namespace busbar::adapters::ocpp::station {

namespace v16 = busbar::ocpp::v16;

namespace {

struct plain_unit {
  v16::sample_unit is{};
  /// The plain one is 10^-`places` of it.
  int places = 0;
};

plain_unit plain(v16::sample_unit unit) {
  using enum v16::sample_unit;
  switch (unit) {
  case kwh: return {wh, 3};
  case kvarh: return {varh, 3};
  case kw: return {w, 3};
  case kva: return {va, 3};
  case kvar: return {var, 3};
  case k:
  case celcius:
  case fahrenheit: return {celsius, 0};
  default: return {unit, 0};
  }
}

std::int64_t in_celsius(std::int64_t thousandths, v16::sample_unit from) {
  if (from == v16::sample_unit::k) return thousandths - 273'150;
  return from == v16::sample_unit::fahrenheit ? (thousandths - 32'000) * 5 / 9 : thousandths;
}

} // namespace

std::vector<reported_sample> history_of(std::span<const v16::sample> samples,
                                        std::int32_t connector, domain::instant now) {
  constexpr std::int64_t thousandths_max = 1'000'000'000'000'000;
  std::vector<reported_sample> made;
  for (const auto& each : samples) {
    if (each.is_signed()) continue;
    const auto unit = plain(each.unit);
    const auto value = v16::units_floor(each.value, 3 + unit.places);
    if (!value || *value > thousandths_max || *value < -thousandths_max) continue;
    made.push_back({connector, each.what, each.phase, each.location, unit.is,
                    std::min(each.at.value_or(now), now), in_celsius(*value, each.unit)});
  }
  return made;
}

} // namespace busbar::adapters::ocpp::station
