#pragma once
// What an engine node finds of itself: its sites tick, its actors end, its group gives it
// partitions and telemetry, and the checks that are registered. Thread-safe.

#include "node/group_watch.hpp"
#include "node/health_board.hpp"
#include "node/site_host.hpp"

#include <vector>

namespace busbar::node {

class node_health {
public:
  node_health(node_frame& frame, const site_host& host, const group_watch& group);

  /// Registers the log's own check and those of the settings.
  void start();
  void stop() { board_.stop(); }
  [[nodiscard]] domain::result<void> add(domain::health_probe probe) {
    return board_.add(std::move(probe));
  }
  [[nodiscard]] std::vector<ports::health_check> results() const;

private:
  [[nodiscard]] domain::health_probe log_probe() const;
  [[nodiscard]] ports::health_check check_sites() const;
  [[nodiscard]] ports::health_check check_actors() const;

  node_frame& frame_;
  const site_host& host_;
  const group_watch& group_;
  health_board board_;
};

} // namespace busbar::node
