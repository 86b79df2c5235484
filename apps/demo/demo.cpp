#include "apps/demo/demo.hpp"

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "apps/demo/demo_site.hpp"
#include "simulator/presets.hpp"

#include <utility>

namespace busbar::apps {

namespace {

domain::result<void> named(const char* part, domain::result<void> outcome) {
  if (outcome) return outcome;
  auto why = outcome.failure();
  why.message = std::string{part} + ": " + why.message;
  return why;
}

} // namespace

demo_site load_demo_site(const demo_options& options) {
  const auto loaded = options.site_path.empty()
                          ? adapters::config::parse_site(demo_site_text, "autonomous.toml")
                          : adapters::config::load_site(options.site_path);
  demo_site made{loaded.site, {}};
  for (const auto& fault : loaded.faults) made.faults.push_back(text_of(fault));
  return made;
}

domain::result<void> demo::start(std::shared_ptr<const domain::site> site,
                                 const demo_options& options) {
  auto log = adapters::embedded::make_embedded_log();
  engine_settings controlled;
  if (!options.site_path.empty())
    controlled.read_site = [path = options.site_path](const domain::site_id&) {
      return adapters::config::reload_site(path);
    };
  if (auto done = named("engine", node_.start({site}, log, controlled)); !done) return done;
  web_settings web;
  web.http.port = options.port;
  page_ = std::make_unique<web_server>(web, node_);
  if (auto done = named("page", page_->start()); !done) return done;
  fleet_settings settings;
  settings.world = simulator::autonomous();
  settings.world.local = options.local;
  settings.seed = options.seed;
  return named("fleet", fleet_.start({std::move(site)}, log, settings));
}

void demo::stop() {
  if (page_) page_->stop();
  fleet_.stop();
  node_.stop();
}

} // namespace busbar::apps
