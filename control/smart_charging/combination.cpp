#include "control/smart_charging/combination.hpp"

#include <algorithm>

namespace busbar::control::smart_charging {

phase_count fewer(phase_count one, phase_count other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

combiner::combiner(const station_settings& settings, rate_unit asked)
    : settings_(settings), scale_(asked, settings.supply_v), own_(own_limit(asked)) {}

phase_count combiner::phases_of(speech said) const {
  if (!said.period || !said.period->phases) return std::nullopt;
  return std::min(*said.period->phases, settings_.phases);
}

std::int64_t combiner::scaled(speech said, phase_count phases) const {
  return scale_.scaled(said.period->limit_tenths, said.profile->plan.unit,
                       phases.value_or(settings_.phases));
}

verdict combiner::of_connector(speech connector, speech station) const {
  if (!connector.period && !station.period) return {own_, std::nullopt, nullptr};
  const auto phases = fewer(phases_of(connector), phases_of(station));
  const auto held = [&](speech by) {
    return verdict{capped(scaled(by, phases), phases), phases, by.profile};
  };
  if (!connector.period) return held(station);
  const auto alone = held(connector);
  if (!station.period) return alone;
  const auto most = held(station);
  return *most.scaled < *alone.scaled ? most : alone;
}

verdict combiner::of_station(speech station) const {
  if (!station.period) return {};
  const auto phases = phases_of(station);
  return {scaled(station, phases), phases, station.profile};
}

std::int64_t combiner::capped(std::int64_t scaled, phase_count phases) const {
  const auto count = phases.value_or(settings_.phases);
  if (const auto& amperes = settings_.own_limit_a_tenths)
    scaled = std::min(scaled, scale_.scaled(*amperes, rate_unit::ampere, count));
  if (const auto& watts = settings_.own_limit_w_tenths)
    scaled = std::min(scaled, scale_.scaled(*watts, rate_unit::watt, count));
  return scaled;
}

std::optional<std::int64_t> combiner::own_limit(rate_unit asked) const {
  const auto& amperes = settings_.own_limit_a_tenths;
  const auto& watts = settings_.own_limit_w_tenths;
  const bool in_amperes = amperes && (asked == rate_unit::ampere || !watts);
  if (in_amperes) return scale_.scaled(*amperes, rate_unit::ampere, settings_.phases);
  if (watts) return scale_.scaled(*watts, rate_unit::watt, settings_.phases);
  return std::nullopt;
}

} // namespace busbar::control::smart_charging
