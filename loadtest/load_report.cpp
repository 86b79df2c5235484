#include "loadtest/load_report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace busbar::loadtest {

namespace {

constexpr double share_held = 0.99;

double per(double value, double by) { return by > 0 ? value / by : 0; }

/// Mean queue depth of the thirds of the window.
double mean_depth(const std::vector<load_second>& seconds, std::size_t third) {
  const auto from = seconds.size() * third / 3, to = seconds.size() * (third + 1) / 3;
  double sum = 0;
  for (auto i = from; i < to; ++i) sum += static_cast<double>(seconds[i].queue_depth);
  return per(sum, static_cast<double>(to - from));
}

std::string milliseconds(domain::microseconds time) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(1) << static_cast<double>(time.count()) / 1'000 << " ms";
  return out.str();
}

std::string number(double value, int digits) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << value;
  return out.str();
}

} // namespace

double load_report::rate_held() const {
  return per(static_cast<double>(readings_ingested), window_seconds);
}

bool load_report::is_queue_growing() const {
  const auto first = mean_depth(each_second, 0), last = mean_depth(each_second, 2);
  const bool is_behind = !each_second.empty() && each_second.back().fleet_behind_us > 1'000'000;
  return is_behind || (last > 2 * first && last > static_cast<double>(sites));
}

std::vector<std::string> load_report::failures() const {
  std::vector<std::string> found;
  const double asked = rate_asked() * window_seconds;
  const auto check = [&](double value, double wanted, const char* what) {
    if (value < share_held * wanted)
      found.push_back(std::string{what} + ": " + number(value, 0) + " of " + number(wanted, 0));
  };
  check(static_cast<double>(readings_sent), asked, "readings sent");
  check(static_cast<double>(readings_ingested), asked, "readings ingested");
  check(static_cast<double>(plans), static_cast<double>(sites) * window_seconds, "plans");
  if (is_queue_growing()) found.emplace_back("queues grow");
  if (limits_exceeded > 0)
    found.push_back("limits exceeded: " + std::to_string(limits_exceeded) + " times");
  if (latencies == 0) found.emplace_back("no probe got its grant");
  return found;
}

std::string text_of(const load_report& r) {
  std::ostringstream out;
  const double readings = static_cast<double>(r.readings_ingested);
  const double sites = static_cast<double>(r.sites);
  out << "log            " << r.log << "\n"
      << "stations       " << r.sites << " sites x " << r.stations_per_site << " at " << r.hertz
      << " Hz for " << number(r.window_seconds, 1) << " s\n"
      << "rate           asked " << number(r.rate_asked(), 0) << "/s, held "
      << number(r.rate_held(), 0) << "/s\n"
      << "cpu            engine " << number(per(r.engine_cpu_seconds, r.window_seconds) * 100, 1)
      << " % of a core (" << number(per(r.engine_cpu_seconds * 1e9, readings), 0)
      << " ns a reading), fleet "
      << number(per(r.fleet_cpu_seconds, r.window_seconds) * 100, 1) << " % ("
      << number(per(r.fleet_cpu_seconds * 1e9, static_cast<double>(r.readings_sent)), 0)
      << " ns a reading)\n"
      << "plans          " << r.plans << ", "
      << number(per(static_cast<double>(r.plans), sites * r.window_seconds), 3)
      << " a site and second, " << r.late_plans << " late\n"
      << "reading->grant p50 " << milliseconds(r.p50) << ", p99 " << milliseconds(r.p99)
      << ", p99.9 " << milliseconds(r.p999) << ", max " << milliseconds(r.longest) << " ("
      << r.latencies << " probes; the tick's own second included)\n"
      << "queue          first third " << number(mean_depth(r.each_second, 0), 0) << ", last third "
      << number(mean_depth(r.each_second, 2), 0) << " batches on their way to bays\n"
      << "memory         engine " << number(static_cast<double>(r.engine_bytes) / 1e6, 0)
      << " MB, of it the log's records " << number(static_cast<double>(r.log_bytes) / 1e6, 0)
      << " MB; without them "
      << number(per(static_cast<double>(r.engine_bytes - r.log_bytes), r.stations()), 0)
      << " B a station\n"
      << "grants         " << r.raised << " raised, " << r.lowered << " lowered, " << r.renewed
      << " renewed\n"
      << "commands       " << r.commands << "; refused by the log " << r.refused_by_log
      << "; dead letters " << r.dead_letters << "; limits exceeded " << r.limits_exceeded << "\n";
  const auto failures = r.failures();
  out << "verdict        " << (failures.empty() ? "held" : "NOT held") << "\n";
  for (const auto& why : failures) out << "               " << why << "\n";
  return out.str();
}

std::string json_of(const load_report& r) {
  nlohmann::ordered_json json{
      {"log", r.log},
      {"sites", r.sites},
      {"stations_per_site", r.stations_per_site},
      {"rate_hz", r.hertz},
      {"window_s", r.window_seconds},
      {"readings_asked_per_s", r.rate_asked()},
      {"readings_held_per_s", r.rate_held()},
      {"readings_sent", r.readings_sent},
      {"readings_ingested", r.readings_ingested},
      {"engine_cpu_s", r.engine_cpu_seconds},
      {"fleet_cpu_s", r.fleet_cpu_seconds},
      {"plans", r.plans},
      {"late_plans", r.late_plans},
      {"grants_raised", r.raised},
      {"grants_lowered", r.lowered},
      {"grants_renewed", r.renewed},
      {"commands", r.commands},
      {"dead_letters", r.dead_letters},
      {"refused_by_log", r.refused_by_log},
      {"limits_exceeded", r.limits_exceeded},
      {"reading_to_grant_us",
       {{"count", r.latencies},
        {"p50", r.p50.count()},
        {"p99", r.p99.count()},
        {"p99_9", r.p999.count()},
        {"max", r.longest.count()}}},
      {"engine_memory_bytes", r.engine_bytes},
      {"log_memory_bytes", r.log_bytes},
      {"engine_memory_per_station_bytes", per(static_cast<double>(r.engine_bytes), r.stations())},
      {"failures", r.failures()}};
  for (const auto& second : r.each_second)
    json["each_second"].push_back({{"readings", second.readings},
                                   {"queue_depth", second.queue_depth},
                                   {"fleet_behind_us", second.fleet_behind_us}});
  return json.dump(2);
}

} // namespace busbar::loadtest
