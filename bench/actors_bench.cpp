// The reading plane and the size of a station. Baseline: a plain loop that copies the same readings
// into a table.

#include "actors/engine_node.hpp"
#include "messages/codec.hpp"
#include "site/batch_router.hpp"
#include "site/connector_table.hpp"
#include "tests/builders/site_builder.hpp"

#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <fstream>
#include <vector>

namespace {

using namespace busbar;

std::shared_ptr<const domain::site> site_of(const std::string& id, int stations) {
  tests::site_builder builder;
  builder.id(id).feeder("f1", 630'000);
  for (int i = 0; i < stations; ++i) builder.station("S" + std::to_string(i));
  return builder.build();
}

domain::telemetry_batch batch_of(const domain::site& site, std::int64_t second) {
  domain::telemetry_batch batch;
  batch.site = site.id;
  batch.topology_hash = site.topology_hash;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    domain::reading reading;
    reading.connector = domain::connector_index{i};
    reading.measured_at = domain::instant{domain::seconds{second}};
    reading.state = domain::connector_state::supplying;
    reading.current_ma = {16'000, 16'000, 16'000};
    reading.power_w = 11'040;
    batch.readings.push_back(reading);
  }
  return batch;
}

/// What the baseline and the table are given: 64 batches, one a second.
std::vector<ports::shared_bytes> encoded(const domain::site& site) {
  std::vector<ports::shared_bytes> all;
  for (std::int64_t second = 1; second <= 64; ++second)
    all.push_back(messages::encode(batch_of(site, second)));
  return all;
}

void baseline_plain_loop(benchmark::State& state) {
  const auto site = site_of("garage", 100);
  const auto batch = batch_of(*site, 1);
  std::vector<domain::reading> table(100);
  for (auto _ : state) {
    for (const auto& reading : batch.readings) table[reading.connector.value()] = reading;
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(baseline_plain_loop);

void reading_to_bay_from_bytes(benchmark::State& state) {
  const auto site = site_of("garage", 100);
  const auto layout = site::lay_out(site);
  const auto batches = encoded(*site);
  std::vector<site::station_notice> notices;
  std::vector<site::bay_part> parts;
  std::size_t next = batches.size();
  std::optional<site::connector_table> table;
  for (auto _ : state) {
    if (next == batches.size()) {
      table.emplace(layout, 0, site::table_settings{});
      next = 0;
    }
    auto batch = messages::decode_telemetry(*batches[next++]);
    parts.clear();
    if (!site::route(batch.value(), *layout, parts)) state.SkipWithError("not routed");
    for (const auto& part : parts)
      table->apply(std::span{batch.value().readings}.subspan(part.first_reading, part.readings),
                 domain::instant{domain::seconds{1'000}}, notices);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}
BENCHMARK(reading_to_bay_from_bytes);

std::int64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::int64_t pages = 0;
  std::int64_t resident = 0;
  file >> pages >> resident;
  return resident * 4'096;
}

struct null_outbox : actors::outbox {
  domain::result<void> send(const domain::command_batch&) override { return {}; }
  domain::result<void> send(const domain::session_fact&) override { return {}; }
  domain::result<void> send(const domain::event&) override { return {}; }
  domain::result<void> send(const domain::decision&) override { return {}; }
  domain::result<void> send(const domain::site_state&) override { return {}; }
};

struct testing_config : caf::actor_system_config {
  testing_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// What the engine keeps of 500 sites of 100 stations, without the site files' own text. `tables`:
/// rows, notes, notebooks, image, planner. `actors`: what was added when they had started.
struct fleet_memory {
  static constexpr int sites = 500;
  static constexpr int stations = 100;

  fleet_memory() {
    node->out = std::make_shared<null_outbox>();
    node->routes = std::make_shared<actors::route_table>();
    node->counters = std::make_shared<ports::engine_counters>();
    std::vector<domain::site_id> ids;
    for (int i = 0; i < sites; ++i) {
      topologies.push_back(site_of("site" + std::to_string(i), stations));
      ids.push_back(topologies.back()->id);
    }
    node->views = std::make_shared<ports::view_store>(ids);
  }

  [[nodiscard]] std::vector<std::shared_ptr<actors::site_context>> contexts() const {
    std::vector<std::shared_ptr<actors::site_context>> all;
    for (const auto& site : topologies) {
      const auto layout = site::lay_out(site);
      all.push_back(std::make_shared<actors::site_context>(layout, 1, actors::site_settings{}));
      all.back()->out = node->out;
      all.back()->views = node->views;
      all.back()->routes = node->routes;
      all.back()->counters = node->counters;
      node->routes->add(site->id, layout, 1, all.back()->inbox);
    }
    return all;
  }

  std::shared_ptr<actors::node_context> node = std::make_shared<actors::node_context>();
  std::vector<std::shared_ptr<const domain::site>> topologies;
};

void bytes_per_station(benchmark::State& state) {
  const fleet_memory fleet;
  const auto for_each = [](std::int64_t bytes) {
    return static_cast<double>(bytes) / (fleet_memory::sites * fleet_memory::stations);
  };
  for (auto _ : state) {
    testing_config config;
    caf::actor_system system{config};
    auto& jobs = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
    const auto before = resident_bytes();
    const actors::engine_node_config node_config{fleet.node, fleet.contexts()};
    const auto with_tables = resident_bytes();
    auto root = system.spawn(actors::run_engine_node, node_config);
    jobs.run();
    const auto with_actors = resident_bytes();
    state.counters["tables"] = for_each(with_tables - before);
    state.counters["actors"] = for_each(with_actors - with_tables);
    state.counters["bytes_per_station"] = for_each(with_actors - before);
    state.counters["row"] = sizeof(site::connector_row);
    state.counters["notes"] = sizeof(site::station_supervision) + sizeof(site::connector_notes) +
                              sizeof(actors::lendable<site::notebook>);
    caf::anon_send_exit(root, caf::exit_reason::kill);
    root = nullptr;
    jobs.run();
    fleet.node->routes->release();
  }
}
BENCHMARK(bytes_per_station)->Iterations(1);

} // namespace

BENCHMARK_MAIN();
