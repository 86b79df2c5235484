#include "site/call_terms.hpp"

namespace busbar::site {

bay_call_terms::bay_call_terms(const site_layout& layout, bay_index bay,
                               domain::microseconds answer_within) {
  usual_.answer_within = answer_within;
  const auto& stated = layout.site->supervision;
  const auto with = [&](const domain::supervision_terms& terms) {
    return call_terms{terms.call_timeout.value_or(usual_.answer_within),
                      terms.retries.value_or(usual_.retries),
                      terms.retry_after.value_or(usual_.retry_after),
                      terms.reset_timeout.value_or(usual_.probe_after)};
  };
  const auto& stations = layout.bays[bay].stations;
  for (std::uint32_t i = 0; !stated.by_actor.empty() && i < stations.size(); ++i) {
    const auto name = "station:" + layout.site->stations[stations[i].value()].id.text();
    if (stated.by_actor.contains(name)) own_.emplace(i, with(stated.of(name)));
  }
  usual_ = with(stated.of("station"));
}

} // namespace busbar::site
