// What the grants of a plan cost on their way through the actors of a site of 100 connectors on one
// feeder: time of one thread, and messages. Baseline: the same readings, ticks, reports and plans
// where no grant changes.

#include "actors/engine_node.hpp"
#include "site/batch_router.hpp"
#include "tests/builders/site_builder.hpp"

#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace busbar;

constexpr int stations = 100;
constexpr std::int64_t shares_ma = 20'000;

std::shared_ptr<const domain::site> garage() {
  tests::site_builder builder;
  builder.limit(stations * shares_ma).feeder("f1", stations * shares_ma);
  for (int i = 0; i < stations; ++i) builder.station("S" + std::to_string(i));
  return builder.build();
}

/// Keeps the commands of a plan until they are answered.
struct command_outbox : actors::outbox {
  domain::result<void> send(const domain::command_batch& batch) override {
    commands.insert(commands.end(), batch.commands.begin(), batch.commands.end());
    return {};
  }
  domain::result<void> send(const domain::session_fact&) override { return {}; }
  domain::result<void> send(const domain::event&) override { return {}; }
  domain::result<void> send(const domain::decision&) override { return {}; }
  domain::result<void> send(const domain::site_state&) override { return {}; }
  std::vector<domain::command> commands;
};

struct testing_config : caf::actor_system_config {
  testing_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// A site whose stations draw 6 A and accept whatever they are told.
class granted_site {
public:
  granted_site() {
    const auto layout = site::lay_out(site_);
    node_->out = out_;
    node_->routes = std::make_shared<actors::route_table>();
    node_->counters = std::make_shared<ports::engine_counters>();
    node_->views = std::make_shared<ports::view_store>(std::vector{site_->id});
    actors::site_settings settings;
    settings.publish_every = 0;
    context_ = std::make_shared<actors::site_context>(layout, 1, settings);
    context_->out = out_;
    context_->views = node_->views;
    context_->routes = node_->routes;
    context_->counters = node_->counters;
    node_->routes->add(site_->id, layout, 1, context_->inbox);
    root_ = system_.spawn(actors::run_engine_node, actors::engine_node_config{node_, {context_}});
    static_cast<void>(deliver());
    for (int i = 0; i < 60; ++i) second();
  }
  ~granted_site() {
    caf::anon_send_exit(root_, caf::exit_reason::kill);
    root_ = nullptr;
    static_cast<void>(deliver());
    node_->routes->release();
  }

  /// Readings, a tick, and the answers to what was commanded.
  void second() {
    read();
    tick();
    answer();
  }
  void read() {
    now_ += std::chrono::seconds{1};
    auto arrived = std::make_shared<actors::arrived_batch>();
    arrived->batch.site = site_->id;
    arrived->batch.topology_hash = site_->topology_hash;
    arrived->received_at = now_;
    for (std::uint32_t i = 0; i < stations; ++i) {
      auto& reading = arrived->batch.readings.emplace_back();
      reading.connector = domain::connector_index{i};
      reading.measured_at = now_;
      reading.state = domain::connector_state::supplying;
      reading.current_ma = {6'000, 6'000, 6'000};
      reading.power_w = 4'140;
    }
    const auto routes = node_->routes->find(site_->id);
    caf::anon_send(routes->feeders[0], actors::bay_readings{arrived, 0, stations, 0, 0});
    static_cast<void>(deliver());
  }
  /// Returns how many messages it takes.
  std::uint64_t tick() {
    caf::anon_send(node_->routes->find(site_->id)->site, actors::tick{++tick_, now_});
    return deliver();
  }
  void answer() {
    actors::bay_results answers;
    answers.received_at = now_;
    for (const auto& command : std::exchange(out_->commands, {}))
      answers.results.push_back(
          {command.connector, command.number, domain::outcome::accepted, "", now_});
    if (answers.results.empty()) return;
    caf::anon_send(node_->routes->find(site_->id)->feeders[0], std::move(answers));
    static_cast<void>(deliver());
  }
  /// Every grant is `ma` at most from the next plan on.
  void limit(std::int64_t ma) {
    domain::node_constraint order;
    order.node = domain::node_index{1u};
    order.limit = {domain::limit_source::site_operator, std::nullopt,
                   domain::watts{ma * 690 / 1'000 * stations}};
    take({order, now_});
  }
  void lift() {
    take({domain::lift_node_constraint{domain::node_index{1u},
                                       domain::limit_source::site_operator},
          now_});
  }
  [[nodiscard]] std::size_t commands() const { return out_->commands.size(); }

private:
  /// With the next tick.
  void take(const actors::operator_message& message) {
    static_cast<void>(context_->inbox->put(message));
  }
  std::uint64_t deliver() {
    auto& jobs = dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
    std::uint64_t messages = 0;
    while (jobs.try_run_once()) ++messages;
    return messages;
  }

  std::shared_ptr<const domain::site> site_ = garage();
  std::shared_ptr<command_outbox> out_ = std::make_shared<command_outbox>();
  std::shared_ptr<actors::node_context> node_ = std::make_shared<actors::node_context>();
  std::shared_ptr<actors::site_context> context_;
  testing_config config_;
  caf::actor_system system_{config_};
  actors::engine_node_actor root_;
  domain::instant now_{std::chrono::seconds{1'700'000'000}};
  std::uint64_t tick_ = 0;
};

/// Of this thread, which delivers all messages.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void plan_that_changes_100_grants(benchmark::State& state) {
  granted_site site;
  std::uint64_t messages = 0;
  std::uint64_t commands = 0;
  for (auto _ : state) {
    site.limit(7'000);
    site.read();
    const auto began = processor_seconds();
    messages += site.tick();
    state.SetIterationTime(processor_seconds() - began);
    commands += site.commands();
    site.answer();
    site.lift();
    for (int i = 0; i < 60; ++i) site.second();
  }
  state.counters["messages"] =
      benchmark::Counter(static_cast<double>(messages), benchmark::Counter::kAvgIterations);
  state.counters["commands"] =
      benchmark::Counter(static_cast<double>(commands), benchmark::Counter::kAvgIterations);
}
BENCHMARK(plan_that_changes_100_grants)
    ->UseManualTime()
    ->Iterations(100)
    ->Unit(benchmark::kMicrosecond);

void baseline_plan_that_changes_none(benchmark::State& state) {
  granted_site site;
  std::uint64_t messages = 0;
  for (auto _ : state) {
    site.read();
    const auto began = processor_seconds();
    messages += site.tick();
    state.SetIterationTime(processor_seconds() - began);
    site.answer();
  }
  state.counters["messages"] =
      benchmark::Counter(static_cast<double>(messages), benchmark::Counter::kAvgIterations);
}
BENCHMARK(baseline_plan_that_changes_none)
    ->UseManualTime()
    ->Iterations(3'000)
    ->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
