#pragma once
// The text of /metrics. Everything is collected from the engine's port when it is asked for;
// nothing is kept between two calls. `text` is thread-safe once the sources are added.

#include "ports/cluster.hpp"
#include "ports/engine_node.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace busbar::adapters::metrics {

struct metric_settings {
  /// Series with the labels station and connector are left out where there are more stations.
  std::size_t station_series_max = 1'000;
  /// Series with the labels site and node are left out where there are more nodes.
  std::size_t node_series_max = 2'000;
  /// Series of what is in trouble, each by its name.
  std::size_t trouble_series_max = 1'000;
  std::string version;
};

/// Names ending in _total are counters, all others gauges.
using statistics_source = std::function<std::map<std::string, double>()>;

class metric_page {
public:
  /// `engine` outlives the page.
  metric_page(const ports::engine_node& engine, metric_settings settings);
  metric_page(const metric_page&) = delete;
  metric_page& operator=(const metric_page&) = delete;

  /// Adds busbar_<group>_<name> for every statistic; what a name may not hold becomes '_'.
  void add_statistics(const std::string& group, statistics_source source);
  /// Adds what the node knows of its group, which outlives the page.
  void add_cluster(const ports::cluster& cluster) { cluster_ = &cluster; }
  /// In Prometheus' text format 0.0.4.
  [[nodiscard]] std::string text() const;

private:
  const ports::engine_node& engine_;
  const ports::cluster* cluster_ = nullptr;
  metric_settings settings_;
  std::vector<std::pair<std::string, statistics_source>> sources_;
};

} // namespace busbar::adapters::metrics
