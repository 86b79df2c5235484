#pragma once
// Site files with the stations that come by OCPP: identities are unique over all of them.

#include "adapters/config/site_file.hpp"
#include "adapters/ocpp/gateway/provision.hpp"
#include "domain/fault_list.hpp"
#include "domain/result.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

struct ocpp_sites {
  std::vector<adapters::ocpp::gateway::provisioned_site> sites;
  domain::fault_list faults;
  std::map<domain::site_id, std::string> files;

  /// Reads the file of a site again.
  [[nodiscard]] std::function<domain::result<std::shared_ptr<const domain::site>>(
      const domain::site_id&)>
  reader() const;
};

[[nodiscard]] ocpp_sites load_ocpp_sites(const std::vector<std::string>& paths);

/// Of one file that has been loaded: the stations that state `ocpp`, or all of them where none
/// does.
[[nodiscard]] adapters::ocpp::gateway::provisioned_site
provisioned(std::shared_ptr<const domain::site> site,
            const std::vector<adapters::config::station_ocpp>& stated);

/// An identity that stands twice: "identity CP-1: is that of station A of site X and B of site Y".
void check_identities(const std::vector<adapters::ocpp::gateway::provisioned_site>& sites,
                      domain::fault_list& faults);

} // namespace busbar::apps
