#include "apps/load/load_run.hpp"

#include "adapters/embedded/embedded_log.hpp"
#include "apps/log_address.hpp"
#include "loadtest/load_fleet.hpp"
#include "loadtest/load_site.hpp"
#include "messages/topics.hpp"

#include <chrono>
#include <cstdio>
#include <thread>

namespace busbar::apps {

namespace {

using loadtest::engine_sample;
using loadtest::load_fleet;
using loadtest::load_report;
using std::chrono::steady_clock;

constexpr std::int32_t partitions = 12;
constexpr std::chrono::seconds subscribes_within{30};

bool is_embedded(const load_options& options) { return options.engine.log.address == "embedded"; }

/// Bytes of the records that a log inside this process holds.
std::int64_t held_by(ports::event_log& log) {
  const auto producer = log.producer();
  if (!producer) return 0;
  return static_cast<std::int64_t>(producer.value()->statistics()["retained_bytes"]);
}

domain::result<std::shared_ptr<ports::event_log>> open(const load_options& options) {
  if (is_embedded(options)) return adapters::embedded::make_embedded_log();
  domain::fault_list faults;
  if (auto log = open_log(options.engine.log, faults)) return log;
  return domain::error{domain::errc::out_of_range, faults.front()};
}

domain::result<std::unique_ptr<load_fleet>> make_fleet(const load_options& options,
                                                       ports::event_log& log) {
  if (auto made = log.ensure_topics(messages::all_topics(partitions)); !made) return made.failure();
  auto producer = log.producer();
  if (!producer) return producer.failure();
  ports::consumer_settings settings;
  settings.group = "busbar-load-fleet";
  settings.member = "fleet";
  settings.topics = {messages::commands_topic};
  auto consumer = log.consumer(std::move(settings));
  if (!consumer) return consumer.failure();
  loadtest::fleet_load load;
  for (std::size_t i = 0; i < options.engine.sites; ++i)
    load.sites.push_back(loadtest::load_site(i, options.engine.stations));
  load.period = domain::microseconds{static_cast<std::int64_t>(1e6 / options.hertz)};
  load.seed = options.seed;
  return std::make_unique<load_fleet>(std::move(load), std::move(producer.value()),
                                      std::move(consumer.value()));
}

/// Both sides at one moment.
struct moment {
  steady_clock::time_point at;
  engine_sample engine;
  std::uint64_t sent = 0;
  std::uint64_t commands = 0;
  std::uint64_t refused = 0;
  std::int64_t fleet_cpu_us = 0;
};

moment look(engine_side& engine, const load_fleet& fleet) {
  const auto& figures = fleet.figures();
  const auto cpu = figures.cpu_us.load();
  return {steady_clock::now(), engine.sample(cpu), figures.readings, figures.commands,
          figures.refused,     cpu};
}

void progress_line(const std::function<void(const std::string&)>& say, const char* phase,
                   std::int64_t second, std::int64_t of, const moment& before, const moment& now,
                   const load_fleet& fleet) {
  char line[160];
  std::snprintf(line, sizeof line,
                "%s %3lld/%lld s  %9llu readings/s  %7llu plans/s  queue %6llu  behind %5lld ms",
                phase, static_cast<long long>(second), static_cast<long long>(of),
                static_cast<unsigned long long>(now.engine.readings - before.engine.readings),
                static_cast<unsigned long long>(now.engine.plans - before.engine.plans),
                static_cast<unsigned long long>(now.engine.queue_depth),
                static_cast<long long>(fleet.figures().behind_us.load() / 1'000));
  say(line);
}

/// One phase of `seconds`; what each second showed goes to `seconds_out`.
moment run_phase(const char* phase, std::int64_t seconds, engine_side& engine,
                 const load_fleet& fleet, const std::function<bool()>& shall_stop,
                 const std::function<void(const std::string&)>& say,
                 std::vector<loadtest::load_second>* seconds_out) {
  auto before = look(engine, fleet);
  for (std::int64_t second = 1; second <= seconds && !shall_stop(); ++second) {
    std::this_thread::sleep_until(before.at + std::chrono::seconds{1});
    const auto now = look(engine, fleet);
    if (seconds_out)
      seconds_out->push_back({now.engine.readings - before.engine.readings, now.engine.queue_depth,
                              fleet.figures().behind_us});
    progress_line(say, phase, second, seconds, before, now, fleet);
    before = now;
  }
  return before;
}

void fill(load_report& report, const moment& begin, const moment& end) {
  report.window_seconds = std::chrono::duration<double>(end.at - begin.at).count();
  report.readings_sent = end.sent - begin.sent;
  report.readings_ingested = end.engine.readings - begin.engine.readings;
  report.commands = end.commands - begin.commands;
  report.plans = end.engine.plans - begin.engine.plans;
  report.late_plans = end.engine.late_plans - begin.engine.late_plans;
  report.raised = end.engine.raised - begin.engine.raised;
  report.lowered = end.engine.lowered - begin.engine.lowered;
  report.renewed = end.engine.renewed - begin.engine.renewed;
  report.dead_letters = end.engine.dead_letters;
  report.refused_by_log = end.refused - begin.refused;
  report.engine_cpu_seconds = static_cast<double>(end.engine.cpu_us - begin.engine.cpu_us) / 1e6;
  report.fleet_cpu_seconds = static_cast<double>(end.fleet_cpu_us - begin.fleet_cpu_us) / 1e6;
}

load_report asked(const load_options& options) {
  load_report report;
  report.log = options.engine.log.address;
  report.sites = options.engine.sites;
  report.stations_per_site = options.engine.stations;
  report.hertz = options.hertz;
  report.seconds = options.seconds;
  return report;
}

} // namespace

domain::result<load_report> run_load(const load_options& options,
                                     const std::function<bool()>& shall_stop,
                                     const std::function<void(const std::string&)>& progress) {
  auto log = open(options);
  if (!log) return log.failure();
  auto fleet = make_fleet(options, *log.value());
  if (!fleet) return fleet.failure();
  auto& crowd = *fleet.value();
  const auto bytes_before = is_embedded(options) ? resident_bytes(0) : 0;
  auto engine = is_embedded(options) ? start_engine_here(options.engine, log.value())
                                     : start_engine_process(options.engine);
  if (!engine) return engine.failure();
  if (!crowd.subscribe(subscribes_within))
    return domain::error{domain::errc::timeout, "the fleet got no partition of the commands"};
  crowd.start();
  auto& side = *engine.value();
  const auto begin = run_phase("warm-up", options.warm_up_seconds, side, crowd, shall_stop,
                               progress, nullptr);
  crowd.begin_measuring();
  auto report = asked(options);
  const auto end = run_phase("measure", options.seconds, side, crowd, shall_stop, progress,
                             &report.each_second);
  fill(report, begin, end);
  report.engine_bytes = end.engine.resident_bytes - bytes_before;
  report.log_bytes = is_embedded(options) ? held_by(*log.value()) : 0;
  crowd.stop();
  side.stop();
  report.limits_exceeded = crowd.figures().limits_exceeded;
  const auto& latencies = crowd.reading_to_grant();
  report.latencies = latencies.count();
  report.p50 = latencies.at(5'000);
  report.p99 = latencies.at(9'900);
  report.p999 = latencies.at(9'990);
  report.longest = latencies.longest();
  return report;
}

} // namespace busbar::apps
