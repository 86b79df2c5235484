#pragma once
// Whether an engine node hears anything: partitions of its group, and telemetry. Written by the
// ingest thread, read by health checks. Thread-safe.

#include "domain/time.hpp"
#include "ports/health.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace busbar::node {

class group_watch {
public:
  /// A member may be without partitions for this long: the group shares them out again.
  static constexpr domain::seconds partitions_patience{15};
  /// Telemetry of all sites that has come before may stay away for this long.
  static constexpr domain::seconds telemetry_patience{30};

  explicit group_watch(domain::instant now) : read_at_us_(now.time_since_epoch().count()) {}

  /// How many partitions the member reads, and how many batches of telemetry it has taken in all.
  void look(std::size_t partitions, std::uint64_t batches, domain::instant now);
  /// The node holds no site: no telemetry is awaited.
  void await_nothing() { heard_at_us_ = 0; }
  /// The node is to hold no site: it awaits neither partitions nor telemetry.
  void drain(bool is_drained) { is_drained_ = is_drained; }
  /// Whether the node's place in its group is certain; "partitions" fails while it is not (OWN-1).
  void settle(bool is_in_place) { is_in_place_ = is_in_place; }
  /// "partitions" and "telemetry", both critical.
  [[nodiscard]] std::vector<ports::health_check> checks(domain::instant now) const;

private:
  std::atomic<bool> is_in_place_{true};
  std::atomic<bool> is_drained_{false};
  std::atomic<std::size_t> partitions_{0};
  std::atomic<std::int64_t> read_at_us_;
  std::atomic<std::uint64_t> batches_{0};
  std::atomic<std::int64_t> heard_at_us_{0};
};

} // namespace busbar::node
