#pragma once
// The gateway inside `busbar engine --ocpp` and `busbar demo --ocpp`. Without the option, and
// without --ocpp-tls, it does nothing.

#include "adapters/config/site_file.hpp"
#include "apps/gateway/ocpp_gateway.hpp"
#include "apps/gateway/ocpp_options.hpp"
#include "apps/web/web_server.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

class ocpp_host {
public:
  using site_pointer = std::shared_ptr<const domain::site>;
  using site_reader = std::function<domain::result<site_pointer>(const domain::site_id&)>;

  /// As on the command line; no address: there is none. False, and the fault on standard error,
  /// where it is no address, or the keys cannot be read.
  [[nodiscard]] bool prepare(const ocpp_place& place);
  [[nodiscard]] bool is_wanted() const { return is_wanted_; }
  /// Sessions that one driver may have at once where nothing is stated: a tag of real stations may
  /// charge at many of them.
  [[nodiscard]] std::size_t sessions_per_driver() const { return is_wanted_ ? 1'000 : 1; }
  /// The site as an engine holds it whose stations come by OCPP; `said` gets what differs.
  [[nodiscard]] site_pointer take(site_pointer site,
                                  const std::vector<adapters::config::station_ocpp>& stated,
                                  std::vector<std::string>& said);
  /// False, and the faults on standard error, where an identity stands twice.
  [[nodiscard]] bool is_right() const;
  /// Reads as `files` does, with the same terms.
  [[nodiscard]] site_reader reader(site_reader files) const;
  void add_statistics(web_server& page);
  /// Prints the address; `page` takes orders for the stations. `name`: of the engine in the log.
  [[nodiscard]] domain::result<void> start(const std::shared_ptr<ports::event_log>& log,
                                           const std::string& name, site_reader read_site,
                                           web_server& page);
  /// Reads certificates again, where there are some.
  void reload_certificates() { gateway_.reload_certificates(); }
  void stop() { gateway_.stop(); }
  [[nodiscard]] const std::vector<adapters::ocpp::gateway::provisioned_site>& sites() const {
    return settings_.sites;
  }

private:
  bool is_wanted_ = false;
  ocpp_gateway_settings settings_;
  ocpp_gateway gateway_;
};

} // namespace busbar::apps
