// The engine under load inside this process, and the loop of an engine process.

#include "apps/load/engine_side.hpp"
#include "apps/log_address.hpp"
#include "apps/print_faults.hpp"
#include "apps/recorder/record_options.hpp"
#include "loadtest/load_site.hpp"
#include "node/engine.hpp"

#include <nlohmann/json.hpp>

#include <ctime>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <unistd.h>

namespace busbar::apps {

namespace {

std::int64_t process_cpu_us() {
  timespec spent{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return std::int64_t{spent.tv_sec} * 1'000'000 + spent.tv_nsec / 1'000;
}

class engine_here : public engine_side {
public:
  domain::result<void> start(const engine_load& load, std::shared_ptr<ports::event_log> log) {
    std::vector<std::shared_ptr<const domain::site>> sites;
    for (std::size_t i = 0; i < load.sites; ++i)
      sites.push_back(loadtest::load_site(i, load.stations));
    node::engine_settings settings;
    settings.with_journal = false;
    settings.site.publish_every = 0;
    settings.in_flight_max = static_cast<std::int64_t>(4 * load.sites) + 1'000;
    record_options recording;
    recording.folder = load.record;
    auto recorders =
        make_recorders(recording, [](const domain::site_id&) { return std::string{}; });
    if (!recorders) return recorders.failure();
    settings.recorder_of = std::move(recorders.value());
    return engine_.start(std::move(sites), std::move(log), settings);
  }

  loadtest::engine_sample sample(std::int64_t foreign_cpu_us) override {
    const auto& counters = engine_.counters();
    loadtest::engine_sample sample;
    sample.readings = counters.ingest.readings.value();
    sample.plans = counters.planning.plans.value();
    sample.late_plans = counters.planning.late_plans.value();
    sample.raised = counters.planning.grants_raised.value();
    sample.lowered = counters.planning.grants_lowered.value();
    sample.renewed = counters.planning.grants_renewed.value();
    for (std::size_t code = 0; code < ports::refusal_counters::kinds; ++code)
      sample.dead_letters += counters.ingest.dead_letters.value(static_cast<domain::errc>(code));
    sample.queue_depth = counters.ingest.queue_depth.value();
    sample.cpu_us = process_cpu_us() - foreign_cpu_us;
    sample.resident_bytes = resident_bytes(0);
    return sample;
  }

  void stop() override { engine_.stop(); }

private:
  node::engine engine_;
};

std::string line_of(const loadtest::engine_sample& sample) {
  return nlohmann::json{{"readings", sample.readings},
                        {"plans", sample.plans},
                        {"late_plans", sample.late_plans},
                        {"raised", sample.raised},
                        {"lowered", sample.lowered},
                        {"renewed", sample.renewed},
                        {"dead_letters", sample.dead_letters},
                        {"queue_depth", sample.queue_depth},
                        {"cpu_us", sample.cpu_us},
                        {"resident_bytes", sample.resident_bytes}}
      .dump();
}

} // namespace

std::int64_t resident_bytes(int process) {
  const auto name = process == 0 ? std::string{"self"} : std::to_string(process);
  std::ifstream file{"/proc/" + name + "/statm"};
  std::int64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

domain::result<std::unique_ptr<engine_side>>
start_engine_here(const engine_load& load, std::shared_ptr<ports::event_log> log) {
  auto engine = std::make_unique<engine_here>();
  if (auto started = engine->start(load, std::move(log)); !started) return started.failure();
  return std::unique_ptr<engine_side>{std::move(engine)};
}

int run_engine_process(const engine_load& load) {
  domain::fault_list faults;
  const auto log = open_log(load.log, faults);
  if (!log) return print_faults(faults);
  auto engine = start_engine_here(load, log);
  if (!engine) {
    std::cerr << engine.failure().message << '\n';
    return 1;
  }
  pollfd input{STDIN_FILENO, POLLIN, 0};
  while (poll(&input, 1, 100) == 0)
    std::cout << line_of(engine.value()->sample(0)) << std::endl;
  engine.value()->stop();
  return 0;
}

} // namespace busbar::apps
