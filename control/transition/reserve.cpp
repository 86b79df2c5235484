#include "control/transition/reserve.hpp"

#include <algorithm>

namespace busbar::control::transition {

using domain::milliamperes;

domain::instant measured_at(const connector_image& connector, domain::instant now) {
  return now - std::chrono::milliseconds{connector.drawn_ms_ago};
}

milliamperes promised(const connector_image& connector) {
  return std::max({connector.told, connector.acknowledged, connector.unanswered});
}

milliamperes reserve_of(const connector_image& connector, const domain::fallback& when_lost) {
  const auto reserve = std::max({promised(connector), connector.drawn, connector.reserve});
  return connector.is_reachable ? reserve : std::max(reserve, when_lost.current);
}

domain::line_set lines_counted(const connector_image& connector, bool is_disobeying) {
  const auto all = domain::line_set::all();
  const auto least = connector.told.is_zero() ? least_evident : rest_tolerance;
  const bool is_believed = connector.is_reachable && !is_disobeying && !connector.is_export &&
                           connector.drawn >= least;
  const auto used = connector.used_lines.value_or(all);
  return is_believed && !used.is_empty() ? used : all;
}

bool is_at_rest(const connector_image& connector) {
  return promised(connector).is_zero() && connector.drawn <= rest_tolerance;
}

} // namespace busbar::control::transition
