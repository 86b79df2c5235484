#pragma once
// Stations that come by OCPP, as a gateway on the log (node/gateway_loop.hpp).

#include "adapters/ocpp/gateway/exchange.hpp"
#include "adapters/ocpp/gateway/key_book.hpp"
#include "adapters/ocpp/server/ocpp_server.hpp"
#include "domain/result.hpp"
#include "node/gateway_loop.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

struct ocpp_gateway_settings {
  adapters::ocpp::server::ocpp_settings listen;
  /// Consumer group, and this process's name in the log: each group reads all commands.
  std::string group = "busbar-gateway";
  /// As node/engine_settings.hpp.
  std::optional<std::int32_t> shards;
  std::vector<adapters::ocpp::gateway::provisioned_site> sites;
  /// Of stations with security profiles 1 and 2.
  adapters::ocpp::gateway::key_book keys;
  adapters::ocpp::gateway::tag_book tags;
  adapters::ocpp::gateway::url_list urls;
  /// Asked about tags at stations of policy `external`; null: nobody is.
  std::shared_ptr<ports::tag_authority> authority;
  /// Reads a site's file again, when its engine has another tree; at most every five seconds.
  /// Empty: the file does not change.
  std::function<domain::result<std::shared_ptr<const domain::site>>(const domain::site_id&)>
      read_site;
  /// What an operator must know; on any thread. Empty: it is lost.
  std::function<void(const std::string&)> tell = {};
  /// Called once, on the loop's thread, when `lost` has something to say.
  std::function<void()> on_lost;
};

class ocpp_gateway {
public:
  ocpp_gateway();
  ~ocpp_gateway();
  ocpp_gateway(const ocpp_gateway&) = delete;
  ocpp_gateway& operator=(const ocpp_gateway&) = delete;

  /// Reads what the log holds of its sites, then listens. The error states which part failed.
  /// REQUIRES: not running.
  [[nodiscard]] domain::result<void> start(std::shared_ptr<ports::event_log> log,
                                           ocpp_gateway_settings settings);
  /// Closes all stations with 1012, then ends the loop; under two seconds. Harmless when stopped.
  void stop();
  /// "ws://127.0.0.1:9000/ocpp/", and with TLS "wss://...". REQUIRES: started.
  [[nodiscard]] std::vector<std::string> addresses() const;
  /// Reads certificates again, soon; nothing before it has started. Thread-safe.
  void reload_certificates();
  /// Orders to its stations. REQUIRES: started.
  [[nodiscard]] ports::charge_points& charge_points();
  [[nodiscard]] const node::gateway_counters& counters() const { return counters_; }
  /// Of sockets and stations, by name; empty before it has started. Thread-safe.
  [[nodiscard]] std::map<std::string, double> statistics() const;
  /// Complete after `stop`.
  [[nodiscard]] const std::optional<domain::error>& lost() const { return lost_; }

private:
  class stations;

  node::gateway_counters counters_;
  std::atomic<bool> has_started_{false};
  adapters::ocpp::server::ocpp_settings listen_;
  std::optional<domain::error> lost_;
  std::unique_ptr<stations> stations_;
  std::unique_ptr<node::gateway_loop> loop_;
  std::unique_ptr<adapters::ocpp::server::ocpp_server> server_;
};

} // namespace busbar::apps
