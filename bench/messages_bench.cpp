// Bytes to domain values and back, per reading; and records through the embedded log, per record.
// Baselines in the same run: copying the same readings (the least that any decoder must do), and a
// queue of the same records behind one mutex.

#include "adapters/embedded/embedded_log.hpp"
#include "messages/codec.hpp"

#include <benchmark/benchmark.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace busbar;

domain::telemetry_batch batch_of(std::size_t readings) {
  domain::telemetry_batch batch;
  batch.site = domain::site_id{"site-0001"};
  for (std::uint32_t place = 0; place < readings; ++place) {
    domain::reading reading;
    reading.measured_at = domain::instant{std::chrono::seconds{1'777'636'800}};
    reading.connector = domain::connector_index{place};
    reading.current_ma = {15'800, 15'800, 15'800};
    reading.power_w = 10'900;
    reading.voltage_mv = 230'000;
    reading.energy_wh = 1'000 * place;
    reading.state = domain::connector_state::supplying;
    reading.obeyed = 12;
    batch.readings.push_back(reading);
  }
  return batch;
}

void count_readings(benchmark::State& state, std::size_t readings) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(readings));
}

void decode_readings(benchmark::State& state) {
  const auto batch = batch_of(static_cast<std::size_t>(state.range(0)));
  const auto bytes = messages::encode(batch);
  for (auto _ : state) benchmark::DoNotOptimize(messages::decode_telemetry(*bytes));
  count_readings(state, batch.readings.size());
}
BENCHMARK(decode_readings)->Arg(100)->Arg(1'000);

void encode_readings(benchmark::State& state) {
  const auto batch = batch_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(messages::encode(batch));
  count_readings(state, batch.readings.size());
}
BENCHMARK(encode_readings)->Arg(100)->Arg(1'000);

void baseline_copy_readings(benchmark::State& state) {
  const auto batch = batch_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    auto copy = batch.readings;
    benchmark::DoNotOptimize(copy.data());
  }
  count_readings(state, batch.readings.size());
}
BENCHMARK(baseline_copy_readings)->Arg(100)->Arg(1'000);

/// One writer, one reader, 8 kB a record; CPU of both threads.
void embedded_log_records(benchmark::State& state) {
  const auto value = std::make_shared<const std::vector<std::uint8_t>>(8'192, std::uint8_t{1});
  const auto log = adapters::embedded::make_embedded_log();
  ports::topic_settings topic;
  topic.name = "t";
  static_cast<void>(log->ensure_topics({topic}));
  const auto producer = std::move(log->producer().value());
  ports::consumer_settings settings;
  settings.group = "g";
  settings.topics = {"t"};
  const auto consumer = std::move(log->consumer(settings).value());
  static_cast<void>(consumer->poll(1, domain::microseconds{0}));
  std::atomic<bool> is_done{false};
  std::atomic<std::uint64_t> taken{0};
  std::jthread reader([&] {
    while (!is_done.load())
      taken += consumer->poll(256, std::chrono::milliseconds{10}).size();
  });
  std::vector<std::string> keys;
  for (int site = 0; site < 1'000; ++site) keys.push_back("site-" + std::to_string(site));
  std::size_t next = 0;
  for (auto _ : state)
    while (!producer->publish("t", keys[next++ % keys.size()], value)) std::this_thread::yield();
  is_done = true;
  state.SetItemsProcessed(state.iterations());
  const auto figures = producer->statistics();
  state.counters["lock_waits_permille"] =
      1'000 * figures.at("lock_waits_total") / figures.at("locks_total");
}
BENCHMARK(embedded_log_records)->MeasureProcessCPUTime()->UseRealTime();

/// The same records through one deque behind one mutex, polled by one reader.
void baseline_one_queue(benchmark::State& state) {
  struct queued {
    std::string key;
    ports::shared_bytes value;
  };
  const auto value = std::make_shared<const std::vector<std::uint8_t>>(8'192, std::uint8_t{1});
  std::mutex mutex;
  std::deque<queued> queue;
  std::atomic<bool> is_done{false};
  std::jthread reader([&] {
    while (!is_done.load()) {
      std::deque<queued> all;
      { std::scoped_lock lock(mutex); all.swap(queue); }
      if (all.empty()) std::this_thread::yield();
    }
  });
  for (auto _ : state) {
    std::scoped_lock lock(mutex);
    queue.push_back({"site-0001", value});
  }
  is_done = true;
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(baseline_one_queue)->MeasureProcessCPUTime()->UseRealTime();

} // namespace

BENCHMARK_MAIN();
