#include "tests/actors/engine_bench.hpp"

#include "actors/supervisor.hpp"
#include "site/batch_router.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <map>

namespace busbar::tests {

using namespace actors;

engine_bench::engine_bench(std::shared_ptr<const domain::site> site, site_settings settings,
                           const domain::site_state* remembered)
    : log(*new recording_outbox), site_(std::move(site)), outbox_(&log) {
  const auto layout = lay_out(site_);
  const domain::epoch owner = remembered == nullptr ? 1 : remembered->owner + 1;
  context_ = std::make_shared<site_context>(layout, owner, settings);
  node_context_ = std::make_shared<node_context>();
  node_context_->out = context_->out = outbox_;
  node_context_->views = context_->views =
      std::make_shared<ports::view_store>(std::vector<domain::site_id>{site_->id});
  node_context_->routes = context_->routes = std::make_shared<route_table>();
  node_context_->counters = context_->counters = std::make_shared<ports::engine_counters>();
  node_context_->supervision = context_->supervision;
  node_context_->settings.supervision = site_->supervision;
  context_->routes->add(site_->id, layout, owner, context_->inbox);
  if (remembered != nullptr && !context_->go_on(*remembered, now)) std::abort();
  stations_.resize(site_->connectors.size());
  system_ = std::make_unique<caf::actor_system>(config_);
  keeper_ = std::make_unique<node_keeper>(*system_, engine_node_config{node_context_, {context_}});
  run();
}

engine_bench::~engine_bench() {
  release();
  keeper_->stop();
  while (run_one()) {}
  context_->routes->release();
  keeper_.reset();
}

caf::scheduler::test_coordinator& engine_bench::scheduler() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
}

bool engine_bench::run_one() {
  auto& jobs = scheduler().jobs;
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto* actor = dynamic_cast<caf::scheduled_actor*>(jobs[i]);
    if (actor == nullptr || !held_.contains(actor->id())) ready.push_back(i);
    if (!chance_ && !ready.empty()) break;
  }
  if (ready.empty()) return false;
  const auto place = chance_ ? ready[(*chance_)() % ready.size()] : ready.front();
  std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(place),
              jobs.begin() + static_cast<std::ptrdiff_t>(place) + 1);
  scheduler().run_once();
  ++messages_;
  return true;
}

void engine_bench::run() {
  do {
    while (run_one()) {}
  } while (answer());
}

bool engine_bench::answer() {
  const auto routes = context_->routes->find(site_->id);
  const bool waits = routes->traffic != site_traffic::flows;
  if (waits || answered_ == log.batches.size()) return false;
  const auto& layout = *routes->layout;
  for (; answered_ < log.batches.size(); ++answered_) {
    // As ingest does: what is of another tree or epoch is no answer.
    const bool is_of_these = log.batches[answered_].topology_hash == site_->topology_hash &&
                             layout.site->topology_hash == site_->topology_hash &&
                             log.batches[answered_].owner == routes->owner;
    if (!is_of_these) continue;
    std::map<bay_index, bay_results> results;
    for (const auto& command : log.batches[answered_].commands) {
      const auto connector = command.connector.value();
      const auto& name = site_->stations[site_->connectors[connector].station.value()].id.text();
      if (silent.contains(name)) continue;
      const bool is_refused = refusing.contains(name);
      auto& simulated = stations_[connector];
      if (!is_refused && command.kind == domain::command_kind::grant)
        simulated.told = command.current;
      if (!is_refused && command.kind == domain::command_kind::set_phases)
        simulated.lines = command.lines;
      auto& part = results[layout.rows[connector].bay];
      part.received_at = now;
      part.results.push_back({command.connector, command.number,
                              is_refused ? domain::outcome::refused : domain::outcome::accepted,
                              is_refused ? "busy" : "", now});
    }
    for (auto& [bay, part] : results)
      if (routes->feeders[bay]) caf::anon_send(routes->feeders[bay], std::move(part));
  }
  return true;
}

void engine_bench::seconds(int count) {
  for (int i = 0; i < count * 100; ++i) {
    now += std::chrono::milliseconds{10};
    // The site has the first slice of each second: read just before it ticks.
    if (i % 100 == 0) read();
    keeper_->pulse(now);
    run();
  }
}

std::uint32_t engine_bench::index_of(const std::string& station) const {
  std::uint32_t i = 0;
  while (site_->stations.at(i).id.text() != station) ++i;
  return i;
}

void engine_bench::set(const std::string& station, domain::connector_state state,
                       std::int32_t ma) {
  const auto first = site_->stations[index_of(station)].first_connector.value();
  stations_[first].state = state;
  stations_[first].ma = ma;
}

void engine_bench::count_from(const std::string& station, std::int64_t register_wh) {
  stations_[site_->stations[index_of(station)].first_connector.value()].register_wh = register_wh;
}

void engine_bench::send_batch(domain::telemetry_batch batch) {
  auto arrived = std::make_shared<arrived_batch>();
  batch.topology_hash = site_->topology_hash;
  arrived->batch = std::move(batch);
  arrived->received_at = now;
  std::vector<site::bay_part> parts;
  if (!site::route(arrived->batch, *context_->layout, parts)) std::abort();
  const auto routes = context_->routes->find(site_->id);
  for (const auto& part : parts)
    if (routes->feeders[part.bay])
      caf::anon_send(routes->feeders[part.bay],
                     bay_readings{arrived, part.first_reading, part.readings, part.first_health,
                                  part.health});
  if (!arrived->batch.meters.empty()) caf::anon_send(routes->site, node_meters{arrived});
}

void engine_bench::read() {
  domain::telemetry_batch batch;
  for (std::size_t i = 0; i < stations_.size(); ++i) {
    auto& simulated = stations_[i];
    if (simulated.state == domain::connector_state::unspecified) continue;
    domain::reading reading;
    reading.connector = domain::connector_index{i};
    reading.measured_at = now;
    reading.state = simulated.state;
    for (std::size_t line = 0; line < simulated.lines; ++line)
      reading.current_ma[line] = simulated.ma;
    reading.power_w = simulated.ma * simulated.lines * 230 / 1000;
    simulated.register_wh += std::max(simulated.ma, 0) / 1000;
    reading.has_soc = simulated.soc.has_value();
    if (simulated.soc)
      reading.soc_permille = static_cast<std::uint16_t>(simulated.soc->count());
    reading.energy_wh = simulated.register_wh;
    batch.readings.push_back(reading);
  }
  send_batch(std::move(batch));
  run();
}

void engine_bench::charge(const std::string& station, std::optional<domain::permille> soc) {
  stations_[site_->stations[index_of(station)].first_connector.value()].soc = soc;
}

void engine_bench::health(const std::string& station, bool is_healthy, std::uint16_t failures) {
  domain::telemetry_batch batch;
  batch.health.push_back({now, domain::station_index{index_of(station)}, is_healthy, failures});
  send_batch(std::move(batch));
  run();
}

void engine_bench::meter(const std::string& node, std::int32_t ma) {
  domain::telemetry_batch batch;
  domain::meter_reading reading;
  reading.measured_at = now;
  while (site_->nodes.at(reading.node.value()).id.text() != node)
    reading.node = domain::node_index{reading.node.value() + 1};
  reading.current_ma = {ma, ma, ma};
  batch.meters.push_back(reading);
  send_batch(std::move(batch));
  run();
}

void engine_bench::ask(const std::string& driver, const std::string& station,
                       domain::request_kind kind, std::optional<domain::watt_hours> energy) {
  domain::driver_request request;
  request.driver = domain::driver_id{driver};
  request.station = domain::station_id{station};
  request.kind = kind;
  request.energy_wanted = energy;
  ask(std::move(request));
}

void engine_bench::ask(domain::driver_request request) {
  request.id = domain::request_id{"r" + std::to_string(++requests_)};
  request.site = site_->id;
  request.asked_at = now;
  if (const auto to = node()) caf::anon_send(to, driver_request_message{request, now});
}

void engine_bench::tell(const connection_report& report) {
  if (const auto to = node()) caf::anon_send(to, report);
  run();
}

void engine_bench::fault(const std::string& actor) {
  if constexpr (!has_test_doors) return;
  if (!context_->supervision->doors.send(actor, {})) throw std::out_of_range{actor};
  run();
}

void engine_bench::break_feeder(bay_index bay) {
  fault(branch_name(*context_->layout, context_->layout->bays.at(bay).branch));
}

std::string engine_bench::name_of(std::size_t connector) const {
  const auto& own = site_->connectors[connector];
  return site_->stations[own.station.value()].id.text() + "/" + own.id.text();
}

void engine_bench::beat(std::optional<int> messages) {
  now += std::chrono::milliseconds{10};
  keeper_->pulse(now);
  if (!messages) return run();
  for (int i = 0; i < *messages && run_one(); ++i) {}
}

void engine_bench::order(
    const std::function<domain::operator_order(const domain::site&)>& order_in) {
  std::shared_ptr<const site_routes> routes;
  do routes = context_->routes->find(site_->id);
  while (!routes->inbox->put({order_in(*routes->layout->site), now}));
  if (routes->site) caf::anon_send(routes->site, mail_waits{now});
}

void engine_bench::put_replacement(std::shared_ptr<const domain::site> next) {
  auto context = std::make_shared<site_context>(lay_out(next), context_->terms.owner + 1,
                                                context_->settings);
  context->out = outbox_;
  context->views = context_->views;
  context->routes = context_->routes;
  context->counters = context_->counters;
  context->supervision = context_->supervision;
  context->predecessor = context_;
  context->is_in_place.store(false);
  node_context_->replacements.put(context);
  context_ = std::move(context);
}

void engine_bench::follow(std::shared_ptr<const domain::site> next) {
  std::map<std::string, charge_point> before;
  for (std::size_t i = 0; i < stations_.size(); ++i) before.emplace(name_of(i), stations_[i]);
  site_ = std::move(next);
  stations_.assign(site_->connectors.size(), {});
  for (std::size_t i = 0; i < stations_.size(); ++i)
    if (const auto found = before.find(name_of(i)); found != before.end())
      stations_[i] = found->second;
}

void engine_bench::begin_replacement(std::shared_ptr<const domain::site> next) {
  put_replacement(next);
  follow(std::move(next));
}

void engine_bench::replace_site(std::shared_ptr<const domain::site> next) {
  replace_site_by_each({std::move(next)});
}

void engine_bench::replace_site_by_each(
    const std::vector<std::shared_ptr<const domain::site>>& all) {
  for (const auto& each : all) put_replacement(each);
  follow(all.back());
  run();
  // Readings in other places reach the site once it has taken over.
  for (int i = 0; i < 400 && context_->predecessor; ++i) beat();
}

void engine_bench::hold(const std::string& actor) {
  const auto found = context_->supervision->doors.find(actor);
  if (!found) throw std::out_of_range{actor};
  held_.insert(found.id());
}

void engine_bench::hold_feeder(bay_index bay) {
  hold(branch_name(*context_->layout, context_->layout->bays.at(bay).branch));
}

std::shared_ptr<const domain::site_view> engine_bench::view() const {
  return context_->views->view(site_->id);
}

const domain::connector_view& engine_bench::connector(const std::string& station) const {
  return view()->connectors.at(site_->stations[index_of(station)].first_connector.value());
}

const domain::station_view& engine_bench::station(const std::string& station) const {
  return view()->stations.at(index_of(station));
}

domain::milliamperes engine_bench::told(const std::string& station) const {
  return stations_.at(site_->stations[index_of(station)].first_connector.value()).told;
}

} // namespace busbar::tests
