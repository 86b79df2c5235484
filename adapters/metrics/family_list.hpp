#pragma once
// Metric families under construction. Samples of one name stand together, in the order of their
// first sample.

#include "ports/engine_node.hpp"

#include <prometheus/metric_family.h>

#include <string>
#include <vector>

namespace busbar::adapters::metrics {

using labels = std::vector<prometheus::ClientMetric::Label>;

class family_list {
public:
  void counter(const char* name, const char* help, double value, labels with = {});
  void gauge(const char* name, const char* help, double value, labels with = {});
  /// Bounds and sum in seconds.
  void histogram(const char* name, const char* help, const ports::duration_histogram& durations);
  /// A counter where its name ends in _total, a gauge otherwise; the name is made valid.
  void statistic(const std::string& name, double value);

  [[nodiscard]] const std::vector<prometheus::MetricFamily>& families() const { return families_; }

private:
  prometheus::MetricFamily& family(const std::string& name, const std::string& help,
                                   prometheus::MetricType type);

  std::vector<prometheus::MetricFamily> families_;
};

void add_engine_families(family_list& list, const ports::engine_counters& counters);
void add_process_families(family_list& list);

} // namespace busbar::adapters::metrics
