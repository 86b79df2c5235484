#include "apps/demo/demo.hpp"

#include "adapters/config/site_file.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "apps/demo/demo_site.hpp"
#include "apps/environment_settings.hpp"
#include "node/owner_book.hpp"
#include "simulator/presets.hpp"

#include <algorithm>
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

prepared_fleet prepare_demo(const demo_options& options) {
  auto chosen = options.fleet;
  const bool is_open = chosen.preset.empty() && chosen.vehicles_path.empty() &&
                       chosen.sessions_path.empty() && chosen.arrivals_path.empty() &&
                       chosen.drivers == 0;
  if (is_open) chosen.preset = "autonomous";
  if (!chosen.site_path.empty()) return prepare_fleet(chosen);
  auto shipped = adapters::config::parse_site(demo_site_text, "autonomous.toml");
  if (shipped.site) return prepare_fleet(std::move(shipped.site), chosen);
  prepared_fleet refused;
  refused.faults.add(lines_of(shipped));
  return refused;
}

domain::result<void> demo::start(prepared_fleet prepared, const demo_options& options) {
  auto log = adapters::embedded::make_embedded_log();
  node::engine_settings controlled;
  controlled.sinks = sinks_of(options.console);
  controlled.allows_faults = true;
  controlled.node.driver.sessions_max =
      std::max(simulator::cars_at_once(prepared.settings.world), stations_.sessions_per_driver());
  if (!options.fleet.site_path.empty())
    controlled.read_site = stations_.reader(
        [path = options.fleet.site_path, over = options.surroundings](const domain::site_id&) {
          return read_again(path, over);
        });
  apply(options.surroundings, controlled);
  const auto site_text = [path = options.fleet.site_path](const domain::site_id&) {
    return path.empty() ? std::string{demo_site_text} : text_of_file(path);
  };
  auto recorders = make_recorders(options.record, site_text);
  if (!recorders) return named("--record", recorders.failure());
  controlled.recorder_of = std::move(recorders.value());
  controlled.owners = std::make_shared<node::owner_book>();
  if (auto done = named("--store", history_.open(options.history, controlled.sinks.line)); !done)
    return done;
  controlled.history = history_.memory();
  if (auto done = named("engine", node_.start({prepared.site}, log, controlled)); !done)
    return done;
  web_settings web;
  web.http.address = options.web.host;
  web.http.port = options.web.port;
  auto security = security_of(options.web.tls);
  if (!security) return security.failure();
  web.http.secure = std::move(security.value().port);
  web.cluster = controlled.owners;
  web.archive = history_.archive();
  page_ = std::make_unique<web_server>(web, node_);
  stations_.add_statistics(*page_);
  history_.add_statistics(*page_);
  if (auto done = named("page", page_->start()); !done) return done;
  static_cast<void>(node_.watch_health(page_->health_probe()));
  history_.start(log, "demo", node_);
  if (auto done = stations_.start(log, "demo", controlled.read_site, *page_); !done) return done;
  // The engine may have commanded already.
  prepared.settings.from_beginning = true;
  return start_fleet(prepared, log);
}

domain::result<void> demo::start_fleet(const prepared_fleet& prepared,
                                       const std::shared_ptr<ports::event_log>& log) {
  const auto simulated = prepared.site->stations.size() -
                         prepared.settings.world.elsewhere.size();
  if (simulated == 0) return {};
  static_cast<void>(node_.watch_health(fleet_probe()));
  return named("fleet", fleet_.start({prepared.site}, log, prepared.settings));
}

bool demo::admit_stations(prepared_fleet& prepared, const demo_options& options) {
  if (!stations_.prepare(options.ocpp)) return false;
  if (!stations_.is_wanted()) return true;
  const auto& path = options.fleet.site_path;
  const auto file = path.empty() ? adapters::config::parse_site(demo_site_text, "autonomous.toml")
                                 : adapters::config::load_site(path);
  prepared.site = stations_.take(prepared.site, file.ocpp, prepared.said);
  for (const auto& each : stations_.sites().front().stations)
    prepared.settings.world.elsewhere.insert(each.station);
  return stations_.is_right();
}

/// The simulated stations go on: they have made steps since the check before.
domain::health_probe demo::fleet_probe() const {
  domain::health_probe probe;
  probe.name = "fleet";
  probe.ask = [this, before = std::uint64_t{0}]() mutable -> domain::health_verdict {
    const auto steps = fleet_.counters().steps.load(std::memory_order_relaxed);
    const bool goes_on = steps != std::exchange(before, steps) || steps == 0;
    return {goes_on, goes_on ? std::to_string(steps) + " steps simulated"
                             : "the simulated stations stand still"};
  };
  return probe;
}

void demo::stop() {
  if (page_) page_->stop();
  stations_.stop();
  fleet_.stop();
  node_.stop();
  history_.stop();
}

} // namespace busbar::apps
