#include "apps/gateway/ocpp_gateway.hpp"

#include "control/operators/configuration.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "node/wall_clock.hpp"

#include <random>
#include <utility>

namespace busbar::apps {

namespace {

using adapters::ocpp::gateway::exchange;
using adapters::ocpp::gateway::site_outputs;
using adapters::ocpp::gateway::tag_book;
using domain::instant;
using site_pointer = std::shared_ptr<const domain::site>;

/// Between two looks at the file of a site whose engine has another tree.
constexpr domain::microseconds reads_every{std::chrono::seconds{5}};
/// Between two looks at what stations have reported.
constexpr domain::microseconds report_every{std::chrono::milliseconds{20}};

std::uint64_t drawn_key() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

void keep(node::publisher& out, const char* topic, const std::string& key,
          ports::shared_bytes bytes) {
  static_cast<void>(out.publish_or_keep(topic, key, std::move(bytes)));
}

void send(const site_outputs& said, node::publisher& out) {
  if (said.telemetry)
    out.publish_or_drop(messages::telemetry_topic, said.site, messages::encode(*said.telemetry));
  for (const auto& batch : said.results)
    keep(out, messages::results_topic, said.site, messages::encode(batch));
  for (const auto& [request, then] : said.requests) {
    const auto done = out.publish_or_keep(
        messages::requests_topic, said.site, messages::encode(request),
        [then](const ports::acknowledged& where) { then(where.has_value()); });
    if (!done) then(false);
  }
}

/// As the engine puts file and configuration together; null: they do not fit.
site_pointer with(const domain::site& file, const domain::site_configuration& configured) {
  const auto fitting = control::operators::keep_what_fits(file, configured);
  auto site = control::operators::configured_site(file, fitting.kept);
  return site ? std::make_shared<const domain::site>(std::move(site.value())) : nullptr;
}

domain::result<void> named(const char* part, domain::result<void> outcome) {
  if (outcome) return outcome;
  auto why = outcome.failure();
  why.message = std::string{part} + ": " + why.message;
  return why;
}

} // namespace

class ocpp_gateway::stations : public node::gateway {
public:
  explicit stations(const ocpp_gateway_settings& settings)
      : exchange_(settings.sites, {drawn_key(), std::make_shared<const tag_book>(settings.tags),
                                   settings.keys, node::wall_clock(), settings.tell,
                                   settings.urls, settings.authority}),
        read_site_(settings.read_site) {
    for (const auto& each : settings.sites)
      trees_.try_emplace(each.site->id.text(),
                         known_tree{each.site, each.site->topology_hash, 0, {}, {}});
  }

  bool has(const std::string& site) const override { return exchange_.has(site); }
  void take(const std::string& site, const domain::command_batch& batch, instant now) override {
    exchange_.take(site, batch, now);
  }
  void take(const std::string& site, const domain::session_fact& fact, instant now) override {
    exchange_.take(site, fact, now);
  }
  void take(const std::string& site, domain::site_state state) override {
    exchange_.take(site, state);
    auto& tree = trees_.at(site);
    tree.wanted = state.topology_hash;
    tree.configured = std::move(state.configured);
  }
  void step(instant now, node::publisher& out) override {
    for (auto& [key, tree] : trees_) follow(tree, now);
    for (const auto& said : exchange_.drain(now)) send(said, out);
  }

  [[nodiscard]] exchange& door() { return exchange_; }
  [[nodiscard]] const exchange& door() const { return exchange_; }

private:
  struct known_tree {
    site_pointer file;
    std::uint64_t here = 0;
    /// The engine's; 0: not known yet.
    std::uint64_t wanted = 0;
    domain::site_configuration configured;
    instant read_at{};
  };

  /// The engine goes on with another tree: so does the gateway, once its file and what has been
  /// configured on top are that tree.
  void follow(known_tree& tree, instant now) {
    if (tree.wanted == 0 || tree.wanted == tree.here || now - tree.read_at < reads_every) return;
    tree.read_at = now;
    auto next = tree.file;
    if (read_site_) {
      const auto read = read_site_(tree.file->id);
      if (!read) return;
      next = read.value();
    }
    if (next->topology_hash != tree.wanted) next = with(*next, tree.configured);
    if (!next || next->topology_hash != tree.wanted) return;
    tree.here = next->topology_hash;
    exchange_.follow(std::move(next));
  }

  exchange exchange_;
  std::function<domain::result<site_pointer>(const domain::site_id&)> read_site_;
  std::map<std::string, known_tree> trees_;
};

ocpp_gateway::ocpp_gateway() = default;
ocpp_gateway::~ocpp_gateway() { stop(); }

domain::result<void> ocpp_gateway::start(std::shared_ptr<ports::event_log> log,
                                         ocpp_gateway_settings settings) {
  listen_ = settings.listen;
  stations_ = std::make_unique<stations>(settings);
  loop_ = std::make_unique<node::gateway_loop>(*stations_, counters_);
  node::gateway_settings wanted;
  wanted.group = settings.group;
  wanted.shards = settings.shards;
  wanted.on_lost = settings.on_lost;
  // What stations report is acknowledged once the log has it: they wait for this.
  wanted.step_every = report_every;
  // The log first: a station that comes finds its sessions.
  if (auto done = named("gateway", loop_->start(std::move(log), std::move(wanted))); !done)
    return done;
  server_ = std::make_unique<adapters::ocpp::server::ocpp_server>(std::move(settings.listen),
                                                                  stations_->door());
  auto served = named("--ocpp", server_->start());
  has_started_ = served.has_value();
  return served;
}

void ocpp_gateway::stop() {
  if (server_) server_->stop();
  if (!loop_) return;
  loop_->stop();
  lost_ = loop_->lost();
}

ports::charge_points& ocpp_gateway::charge_points() { return stations_->door().charge_points(); }

std::vector<std::string> ocpp_gateway::addresses() const {
  const auto address = [&](const char* scheme, const std::string& host, std::uint16_t port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return scheme + (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) +
           listen_.prefix + "/";
  };
  std::vector<std::string> made;
  if (listen_.plain) made.push_back(address("ws://", listen_.plain->address, server_->port()));
  if (listen_.secure)
    made.push_back(address("wss://", listen_.secure->place.address, server_->secure_port()));
  return made;
}

void ocpp_gateway::reload_certificates() {
  if (has_started_) server_->reload_certificates();
}

std::map<std::string, double> ocpp_gateway::statistics() const {
  if (!has_started_) return {};
  std::map<std::string, double> all = stations_->door().statistics();
  all.merge(server_->statistics());
  return all;
}

} // namespace busbar::apps
