#include "apps/gateway/ocpp_terms.hpp"

#include <algorithm>

namespace busbar::apps {

namespace {

constexpr domain::microseconds answers_within = std::chrono::seconds{31};
/// Three sampling intervals, and more than a ping apart.
constexpr domain::seconds stale_after{30};

} // namespace

std::shared_ptr<const domain::site>
with_ocpp_terms(const std::shared_ptr<const domain::site>& file,
                const std::vector<adapters::ocpp::gateway::provision>& stations,
                std::vector<std::string>& said) {
  auto site = std::make_shared<domain::site>(*file);
  if (site->input.stale_after < stale_after) {
    said.push_back("site " + site->id.text() + ": stale_after_s " +
                   std::to_string(site->input.stale_after.count()) + " is " +
                   std::to_string(stale_after.count()) +
                   " while stations come by OCPP, which report every 10 s");
    site->input.stale_after = stale_after;
  }
  for (const auto& each : stations) {
    const auto actor = "station:" + each.station.text();
    if (!site->supervision.of(actor).call_timeout)
      site->supervision.by_actor[actor].call_timeout = answers_within;
  }
  domain::seal(*site);
  return site;
}

} // namespace busbar::apps
