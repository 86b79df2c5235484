#include "apps/gateway/ocpp_host.hpp"

#include "apps/gateway/ocpp_sites.hpp"
#include "apps/gateway/ocpp_terms.hpp"
#include "apps/print_faults.hpp"
#include "apps/process_lines.hpp"

#include <map>
#include <utility>

namespace busbar::apps {

bool ocpp_host::prepare(const ocpp_place& place) {
  is_wanted_ = place.is_wanted();
  if (!is_wanted_ && !place.states_certificates()) return true;
  auto listeners = listeners_of(place);
  if (!listeners) {
    print_line(domain::severity::critical, "bad_input", listeners.failure().message);
    return false;
  }
  for (const auto& warning : listeners.value().warnings)
    print_line(domain::severity::warning, "open_address", "busbar: warning: " + warning);
  settings_.listen = std::move(listeners.value().listen);
  settings_.keys = std::move(listeners.value().keys);
  settings_.tags = std::move(listeners.value().tags);
  settings_.urls = std::move(listeners.value().urls);
  settings_.authority = std::move(listeners.value().authority);
  return true;
}

ocpp_host::site_pointer
ocpp_host::take(site_pointer site, const std::vector<adapters::config::station_ocpp>& stated,
                std::vector<std::string>& said) {
  if (!is_wanted_) return site;
  auto known = provisioned(std::move(site), stated);
  known.site = with_ocpp_terms(known.site, known.stations, said);
  settings_.sites.push_back(known);
  return known.site;
}

bool ocpp_host::is_right() const {
  domain::fault_list faults;
  check_identities(settings_.sites, faults);
  if (faults.empty()) return true;
  print_faults(faults);
  return false;
}

ocpp_host::site_reader ocpp_host::reader(site_reader files) const {
  if (!is_wanted_) return files;
  std::map<domain::site_id, std::vector<adapters::ocpp::gateway::provision>> known;
  for (const auto& each : settings_.sites) known.emplace(each.site->id, each.stations);
  return [known, files = std::move(files)](const domain::site_id& id) {
    auto read = files(id);
    if (!read) return read;
    std::vector<std::string> said;
    return domain::result<site_pointer>{with_ocpp_terms(read.value(), known.at(id), said)};
  };
}

void ocpp_host::add_statistics(web_server& page) {
  if (is_wanted_) page.add_statistics("ocpp", [this] { return gateway_.statistics(); });
}

domain::result<void> ocpp_host::start(const std::shared_ptr<ports::event_log>& log,
                                      const std::string& name, site_reader read_site,
                                      web_server& page) {
  if (!is_wanted_) return {};
  settings_.group = "busbar-gateway-" + name;
  settings_.read_site = std::move(read_site);
  settings_.tell = print_notice;
  auto started = gateway_.start(log, settings_);
  if (!started) return started;
  page.connect(gateway_.charge_points());
  for (const auto& address : gateway_.addresses())
    print_line(domain::severity::info, "ocpp",
               "busbar: stations connect to " + address + "IDENTITY (ocpp1.6)");
  return {};
}

} // namespace busbar::apps
