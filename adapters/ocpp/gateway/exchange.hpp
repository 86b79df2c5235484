#pragma once
// All stations of a gateway between their sockets and the house. The server's thread brings frames,
// the gateway loop's thread commands and time; both are served one after the other.

#include "adapters/ocpp/gateway/key_book.hpp"
#include "adapters/ocpp/gateway/provision.hpp"
#include "adapters/ocpp/gateway/tag_book.hpp"
#include "adapters/ocpp/gateway/tag_gate.hpp"
#include "adapters/ocpp/gateway/url_list.hpp"
#include "adapters/ocpp/server/station_door.hpp"
#include "adapters/ocpp/station/station_machine.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "ports/charge_points.hpp"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

struct exchange_settings {
  /// Of transaction numbers; drawn by the process.
  std::uint64_t number_key = 1;
  /// Tags that may charge, or may not. Never null.
  std::shared_ptr<const tag_book> tags = std::make_shared<const tag_book>();
  /// Of stations with security profile 1 and 2.
  key_book keys = {};
  domain::instant started_at{};
  /// What an operator must know; called without a lock of this gateway. Empty: it is lost.
  std::function<void(const std::string&)> tell = {};
  /// URLs that stations may be given.
  url_list urls = {};
  /// Asked about tags at stations of policy `external`; null: nobody is, as if it were away.
  std::shared_ptr<ports::tag_authority> authority = {};
  /// What it has said. Never null.
  std::shared_ptr<shared_rulings> rulings = std::make_shared<shared_rulings>();
  /// How often the list of tags has changed.
  std::uint64_t tags_revision = 0;
};

/// A request, and the one who must learn that the log has it: what it reports is acknowledged to
/// its station only then. False: the log has refused it.
struct reported_request {
  domain::driver_request request;
  std::function<void(bool is_written)> then;
};

/// What one site's stations have to say.
struct site_outputs {
  std::string site;
  std::optional<domain::telemetry_batch> telemetry;
  std::vector<domain::result_batch> results;
  std::vector<reported_request> requests;
};

class exchange : public server::station_door {
public:
  exchange(std::vector<provisioned_site> sites, exchange_settings settings);
  ~exchange() override;

  bool admits(const server::visitor& who) override;
  bool has_session(const std::string& identity) override;
  void opened(server::link_id link, const std::string& identity, domain::instant now) override;
  void frame(server::link_id link, std::string_view text, domain::instant now) override;
  void alive(server::link_id link, domain::instant now) override;
  void closed(server::link_id link, domain::instant now) override;
  void contested(const std::string& identity, domain::instant now) override;
  std::vector<server::link_order> take_orders() override;
  void on_orders(std::function<void()> wake) override;

  /// Orders to its stations.
  [[nodiscard]] ports::charge_points& charge_points();
  [[nodiscard]] bool has(const std::string& site) const;
  void take(const std::string& site, const domain::command_batch& batch, domain::instant now);
  void take(const std::string& site, const domain::session_fact& fact, domain::instant now);
  void take(const std::string& site, const domain::site_state& state);
  /// The site goes on with another tree; stations that stay keep their conversation.
  void follow(std::shared_ptr<const domain::site> site);
  [[nodiscard]] std::vector<site_outputs> drain(domain::instant now);
  /// Counters by name, and gauges ("connected", "transactions"). Thread-safe.
  [[nodiscard]] std::map<std::string, double> statistics() const;

  struct site_book;
  struct seat;
  class core;
  class turn;

private:
  /// Acknowledgements of the log may come after its end.
  std::shared_ptr<core> core_;
  std::unique_ptr<ports::charge_points> desk_;
  /// Null: no authority.
  std::shared_ptr<tag_gate> gate_;
};

} // namespace busbar::adapters::ocpp::gateway
