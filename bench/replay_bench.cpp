// A recording fed back: what a tick of a site of 100 connectors takes, read from its files, done
// again and compared, effect by effect. Baselines: the same ticks live in the model, without and
// with a recorder.

#include "apps/recorder/site_recorder.hpp"
#include "apps/replay/segment_replay.hpp"
#include "loadtest/load_site.hpp"
#include "simulator/crowd.hpp"
#include "site/site_model.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

namespace {

namespace fs = std::filesystem;
using namespace busbar;

constexpr std::size_t connectors = 100;
/// Two hours: as many files as a recording of that length has.
constexpr std::int64_t ticks = 7'200;

std::shared_ptr<const domain::site> site() {
  static const auto made = loadtest::load_site(0, connectors);
  return made;
}

/// Every connector has a session and reports each second; the readings, the answers to the second
/// before and a plan are a tick.
class live_site {
public:
  live_site() : crowd_({site()}, 1), model_(site::lay_out(site()), 1, settings()) {}

  void record(std::shared_ptr<site::step_recorder> recorder) {
    model_.record(std::move(recorder), now_);
  }
  void begin() {
    tick();
    std::vector<site::site_input> inputs;
    for (auto& request : crowd_.requests(0, now_)) inputs.emplace_back(std::move(request));
    obey(model_.apply(inputs, now_));
  }
  void tick() {
    now_ += std::chrono::seconds{1};
    std::vector<site::site_input> inputs = std::exchange(answers_, {});
    inputs.emplace_back(crowd_.read(0, now_));
    inputs.emplace_back(site::second_passed{});
    obey(model_.apply(inputs, now_));
  }

private:
  static site::model_settings settings() {
    site::model_settings made;
    made.view_every = 0;
    return made;
  }
  void obey(const site::site_effects& effects) {
    for (const auto& batch : effects.commands) answers_.emplace_back(crowd_.obey(0, batch, now_));
  }

  simulator::crowd crowd_;
  site::site_model model_;
  std::vector<site::site_input> answers_;
  domain::instant now_{std::chrono::hours{24 * 365 * 56}};
};

/// A folder that is gone with it.
struct scratch_folder {
  scratch_folder() { fs::remove_all(path); }
  ~scratch_folder() { fs::remove_all(path); }
  const fs::path path = fs::temp_directory_path() / "busbar_bench_replay";
};

std::shared_ptr<site::step_recorder> recorder_in(const scratch_folder& folder) {
  apps::recording_settings settings;
  settings.folder = folder.path.string();
  return std::make_shared<apps::site_recorder>(
      std::make_shared<apps::recording_store>(settings),
      [] { return recording::site_source{}; });
}

void live(benchmark::State& state) {
  live_site it;
  it.begin();
  for (auto _ : state) it.tick();
}
BENCHMARK(live)->Unit(benchmark::kMicrosecond);

/// With the thread that deflates and writes: CPU time of the process.
void live_and_recorded(benchmark::State& state) {
  const scratch_folder folder;
  live_site it;
  it.record(recorder_in(folder));
  it.begin();
  for (auto _ : state) it.tick();
}
BENCHMARK(live_and_recorded)->Unit(benchmark::kMicrosecond)->MeasureProcessCPUTime();

std::uint64_t bytes_in(const fs::path& folder) {
  std::uint64_t all = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all += entry.file_size();
  return all;
}

void replayed(benchmark::State& state) {
  const scratch_folder folder;
  {
    live_site it;
    it.record(recorder_in(folder));
    it.begin();
    for (std::int64_t i = 0; i < ticks; ++i) it.tick();
  }
  const auto found = apps::replay::find_recordings(folder.path.string(), "");
  std::uint64_t plans = 0;
  for (auto _ : state) {
    const auto report = apps::replay::replay_segment(found.segments.at(0), site(), {});
    if (!report || report.value().counts.different > 0 || report.value().plans < ticks) {
      std::cerr << "the replay differs\n";
      std::exit(1);
    }
    plans += report.value().plans;
  }
  using benchmark::Counter;
  state.counters["tick"] =
      Counter(static_cast<double>(plans), Counter::kIsRate | Counter::kInvert);
  state.counters["million_ticks"] =
      Counter(static_cast<double>(plans) / 1e6, Counter::kIsRate | Counter::kInvert);
  state.counters["bytes_per_tick"] =
      static_cast<double>(bytes_in(folder.path)) / static_cast<double>(ticks);
}
BENCHMARK(replayed)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
