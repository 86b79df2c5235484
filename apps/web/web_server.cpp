#include "apps/web/web_server.hpp"

#include "dashboard/assets.hpp"

namespace busbar::apps {

namespace {

std::vector<adapters::http::asset> page_assets() {
  std::vector<adapters::http::asset> assets;
  for (const dashboard::asset& each : dashboard::assets())
    assets.push_back({each.path, each.content_type, each.bytes});
  return assets;
}

} // namespace

web_server::web_server(web_settings settings, actors::engine_port& engine)
    : host_(settings.http.address), metrics_(engine, std::move(settings.metrics)),
      assets_(page_assets()),
      server_(std::move(settings.http), engine, [this] { return metrics_.text(); }, assets_) {
  metrics_.add_statistics("http", [this] { return server_.statistics(); });
}

std::string web_server::address() const {
  const bool is_ipv6 = host_.find(':') != std::string::npos;
  return "http://" + (is_ipv6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port());
}

} // namespace busbar::apps
