#include "apps/fleet/fleet.hpp"

#include "control/operators/configuration.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "simulator/world.hpp"

#include <chrono>
#include <map>
#include <utility>

namespace busbar::apps {

namespace {

using domain::instant;
using domain::microseconds;
using site_pointer = std::shared_ptr<const domain::site>;

/// Between two looks at the file of a site whose engine has another tree.
constexpr microseconds reads_every{std::chrono::seconds{5}};

domain::result<void> check(const std::vector<simulated_site>& sites,
                           const fleet_settings& settings) {
  for (const auto& each : sites)
    if (const auto wrong = validate(each.world); !wrong.empty())
      return domain::error{domain::errc::out_of_range, wrong};
  if (settings.step_every < std::chrono::milliseconds{10} ||
      settings.step_every > std::chrono::seconds{1})
    return domain::error{domain::errc::out_of_range,
                         "step_every " + std::to_string(settings.step_every.count()) +
                             " us: allowed is 10000..1000000 us"};
  return {};
}

void keep(node::publisher& out, const char* topic, const std::string& key,
          ports::shared_bytes bytes) {
  static_cast<void>(out.publish_or_keep(topic, key, std::move(bytes)));
}

void send(const std::string& key, const simulator::outputs& said, node::publisher& out,
          fleet_counters& counters) {
  if (said.telemetry) {
    counters.readings += said.telemetry->readings.size();
    out.publish_or_drop(messages::telemetry_topic, key, messages::encode(*said.telemetry));
  }
  for (const auto& batch : said.results)
    keep(out, messages::results_topic, key, messages::encode(batch));
  for (const auto& request : said.requests)
    keep(out, messages::requests_topic, key, messages::encode(request));
  for (const auto& event : said.events)
    out.publish_or_drop(messages::events_topic, key, messages::encode(event));
  counters.requests += said.requests.size();
}

} // namespace

/// The worlds of the simulated sites, as a gateway.
class fleet::worlds : public node::gateway {
public:
  worlds(std::vector<simulated_site> sites, const fleet_settings& settings,
         fleet_counters& counters)
      : read_site_(settings.read_site), counters_(counters) {
    for (auto& each : sites) {
      const std::string key = each.site->id.text();
      trees_.try_emplace(key, known_tree{each.site, 0, {}, {}});
      if (settings.is_audited) audits_.try_emplace(key, each.site);
      worlds_[key] =
          std::make_unique<simulator::world>(each.site, std::move(each.world), each.seed);
    }
  }

  bool has(const std::string& site) const override { return worlds_.contains(site); }

  void take(const std::string& site, const domain::command_batch& batch, instant now) override {
    counters_.commands += batch.commands.size();
    if (auto* audit = audit_of(site)) audit->hear(batch);
    worlds_.at(site)->apply(batch, now);
  }

  void take(const std::string& site, const domain::session_fact& fact, instant now) override {
    if (auto* audit = audit_of(site)) audit->hear(fact);
    worlds_.at(site)->apply(fact, now);
  }

  void take(const std::string& site, domain::site_state state) override {
    auto& tree = trees_.at(site);
    tree.topology_hash = state.topology_hash;
    tree.configured = std::move(state.configured);
  }

  void step(instant now, node::publisher& out) override {
    for (auto& [key, world] : worlds_) {
      follow(key, *world, now);
      const auto said = world->step(now);
      if (auto* audit = audit_of(key)) audit->look(*world, said, now);
      send(key, said, out, counters_);
    }
  }

  std::vector<site_verdict> verdicts() const {
    std::vector<site_verdict> made;
    for (const auto& [key, audit] : audits_) made.push_back(audit.verdict());
    return made;
  }

private:
  fleet_audit* audit_of(const std::string& key) {
    const auto found = audits_.find(key);
    return found == audits_.end() ? nullptr : &found->second;
  }

  /// The engine goes on with another tree: so does the fleet, once its file and what has been
  /// configured on top are that tree.
  void follow(const std::string& key, simulator::world& where, instant now) {
    auto& tree = trees_.at(key);
    const bool is_same = tree.topology_hash == where.site().topology_hash;
    if (tree.topology_hash == 0 || is_same || now - tree.read_at < reads_every) return;
    tree.read_at = now;
    const auto file = read_site_ ? read_site_(where.site().id) : tree.file;
    if (!file) return;
    auto next = file.value();
    if (next->topology_hash != tree.topology_hash) next = with(*next, tree.configured);
    if (!next || next->topology_hash != tree.topology_hash) return;
    if (auto* audit = audit_of(key)) audit->follow(next);
    where.follow(std::move(next), now);
    ++counters_.followed;
  }

  /// As the engine puts them together; null: it does not fit.
  static site_pointer with(const domain::site& file, const domain::site_configuration& configured) {
    const auto fitting = control::operators::keep_what_fits(file, configured);
    auto site = control::operators::configured_site(file, fitting.kept);
    return site ? std::make_shared<const domain::site>(std::move(site.value())) : nullptr;
  }

  /// What the engine has made of a site's file.
  struct known_tree {
    domain::result<site_pointer> file;
    /// 0: not heard yet.
    std::uint64_t topology_hash = 0;
    domain::site_configuration configured;
    instant read_at{};
  };

  std::function<domain::result<site_pointer>(const domain::site_id&)> read_site_;
  fleet_counters& counters_;
  std::map<std::string, std::unique_ptr<simulator::world>> worlds_;
  std::map<std::string, known_tree> trees_;
  std::map<std::string, fleet_audit> audits_;
};

fleet::fleet() = default;
fleet::~fleet() { stop(); }

domain::result<void> fleet::start(std::vector<std::shared_ptr<const domain::site>> sites,
                                  std::shared_ptr<ports::event_log> log,
                                  fleet_settings settings) {
  std::vector<simulated_site> made;
  auto world = settings.world;
  auto seed = settings.seed;
  for (auto& site : sites) {
    made.push_back({std::move(site), world, seed++});
    world.drivers.clear();
    world.arrivals.clear();
  }
  return start(std::move(made), std::move(log), std::move(settings));
}

domain::result<void> fleet::start(std::vector<simulated_site> sites,
                                  std::shared_ptr<ports::event_log> log,
                                  fleet_settings settings) {
  if (auto checked = check(sites, settings); !checked) return checked;
  node::gateway_settings wanted;
  wanted.group = settings.group;
  wanted.shards = settings.shards;
  wanted.from_beginning = settings.from_beginning;
  wanted.step_every = settings.step_every;
  wanted.on_lost = settings.on_lost;
  worlds_ = std::make_unique<worlds>(std::move(sites), settings, counters_);
  loop_ = std::make_unique<node::gateway_loop>(*worlds_, counters_);
  return loop_->start(std::move(log), std::move(wanted));
}

void fleet::stop() {
  if (!loop_) return;
  loop_->stop();
  lost_ = loop_->lost();
}

std::vector<site_verdict> fleet::verdicts() const {
  return worlds_ ? worlds_->verdicts() : std::vector<site_verdict>{};
}

} // namespace busbar::apps
