#include "apps/web/web_server.hpp"

#include "dashboard/assets.hpp"

namespace busbar::apps {

namespace {

using tls_notice = adapters::tls::certificate_notice;

std::vector<adapters::http::api::asset> page_assets() {
  std::vector<adapters::http::api::asset> assets;
  for (const dashboard::asset& each : dashboard::assets())
    assets.push_back({each.path, each.content_type, each.bytes});
  return assets;
}

} // namespace

web_server::web_server(web_settings settings, ports::engine_node& engine)
    : host_(settings.http.address), bounds_(settings.http),
      peer_files_(std::move(settings.peers)), cluster_(std::move(settings.cluster)),
      access_(std::move(settings.access)), audit_(std::move(settings.audit)),
      archive_(std::move(settings.archive)),
      metrics_(engine, std::move(settings.metrics)),
      assets_(page_assets()),
      server_(adapters::http::api::make_server(
          with_notices(std::move(settings.http)), engine, [this] { return metrics_.text(); },
          assets_,
          {[this] { return stations_.load(); }, cluster_.get(), &peers_,
           access_.get(), audit_.get(), std::move(settings.guarding),
           std::move(settings.drain), archive_.get()})) {
  if (cluster_) metrics_.add_cluster(*cluster_);
  metrics_.add_statistics("peers", [this] { return peers_.statistics(); });
  metrics_.add_statistics("http", [this] { return server_->statistics(); });
}

/// Other nodes are shown the new certificate, too.
adapters::http::server::server_settings
web_server::with_notices(adapters::http::server::server_settings http) {
  if (!http.secure) return http;
  http.secure->tell = [this, tell = http.secure->tell](const tls_notice& notice) {
    if (tell) tell(notice);
    if (notice.is_warning) return;
    const auto done = secure_peers();
    if (!done && tell) tell({true, "other engine nodes: " + done.failure().message});
  };
  return http;
}

domain::result<void> web_server::secure_peers() {
  if (!peer_files_) return {};
  auto made = adapters::tls::make_client_context(*peer_files_);
  if (!made) return made.failure();
  peers_.secure(std::move(made.value()));
  return {};
}

domain::result<void> web_server::start() {
  if (auto done = secure_peers(); !done) return done;
  return server_->start();
}

domain::health_probe web_server::health_probe() const {
  domain::health_probe probe;
  probe.name = "http";
  probe.ask = [this]() -> domain::health_verdict {
    const auto now = server_->statistics();
    const auto connections = static_cast<std::size_t>(now.at("connections"));
    const auto unsent = static_cast<std::size_t>(now.at("unsent_bytes"));
    // Nine tenths: from there on clients are about to be refused.
    const bool has_room = connections * 10 < bounds_.connections_max * 9 &&
                          unsent * 10 < bounds_.unsent_bytes_max * 9;
    return {has_room, std::to_string(connections) + " of " +
                          std::to_string(bounds_.connections_max) + " connections, " +
                          std::to_string(unsent) + " of " +
                          std::to_string(bounds_.unsent_bytes_max) + " bytes unsent"};
  };
  return probe;
}

std::string web_server::address() const {
  const bool is_ipv6 = host_.find(':') != std::string::npos;
  const std::string scheme = bounds_.secure ? "https://" : "http://";
  return scheme + (is_ipv6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port());
}

} // namespace busbar::apps
