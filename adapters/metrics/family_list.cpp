#include "adapters/metrics/family_list.hpp"

#include <algorithm>

namespace busbar::adapters::metrics {

namespace {

constexpr double us_per_second = 1e6;

std::string valid_name(std::string name) {
  for (char& each : name) {
    const bool is_letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
    const bool is_digit = each >= '0' && each <= '9';
    if (!is_letter && !is_digit) each = '_';
  }
  return name;
}

} // namespace

prometheus::MetricFamily& family_list::family(const std::string& name, const std::string& help,
                                              prometheus::MetricType type) {
  // Samples of one family mostly come in a row, so look from the end.
  const auto hit = std::find_if(families_.rbegin(), families_.rend(),
                                [&](const auto& each) { return each.name == name; });
  if (hit != families_.rend()) return *hit;
  prometheus::MetricFamily made;
  made.name = name;
  made.help = help;
  made.type = type;
  return families_.emplace_back(std::move(made));
}

void family_list::counter(const char* name, const char* help, double value, labels with) {
  prometheus::ClientMetric sample;
  sample.label = std::move(with);
  sample.counter.value = value;
  family(name, help, prometheus::MetricType::Counter).metric.push_back(std::move(sample));
}

void family_list::gauge(const char* name, const char* help, double value, labels with) {
  prometheus::ClientMetric sample;
  sample.label = std::move(with);
  sample.gauge.value = value;
  family(name, help, prometheus::MetricType::Gauge).metric.push_back(std::move(sample));
}

void family_list::histogram(const char* name, const char* help,
                            const ports::duration_histogram& durations) {
  const auto& bounds = ports::duration_histogram::bounds_us;
  prometheus::ClientMetric sample;
  std::uint64_t count = 0;
  for (std::size_t place = 0; place < bounds.size(); ++place) {
    count += durations.in_bucket(place);
    prometheus::ClientMetric::Bucket bucket;
    bucket.cumulative_count = count;
    bucket.upper_bound = static_cast<double>(bounds[place]) / us_per_second;
    sample.histogram.bucket.push_back(bucket);
  }
  sample.histogram.sample_count = count + durations.in_bucket(bounds.size());
  sample.histogram.sample_sum = static_cast<double>(durations.sum_us()) / us_per_second;
  family(name, help, prometheus::MetricType::Histogram).metric.push_back(std::move(sample));
}

void family_list::statistic(const std::string& name, double value) {
  const bool is_counter = name.ends_with("_total");
  prometheus::ClientMetric sample;
  if (is_counter) sample.counter.value = value;
  else sample.gauge.value = value;
  family(valid_name(name), "As the adapter reports it.",
         is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge)
      .metric.push_back(std::move(sample));
}

} // namespace busbar::adapters::metrics
