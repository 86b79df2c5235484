#pragma once
// The thread that polls what an engine node reads: telemetry, results and requests of its sites, by
// the same partitions of all three. Records go to `ingest`, partitions to `site_keeper`; what the
// polling thread alone may touch is touched here.

#include "node/capability_watch.hpp"
#include "node/epoch_watch.hpp"
#include "node/group_watch.hpp"
#include "node/ingest.hpp"
#include "node/site_keeper.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace busbar::node {

class intake {
public:
  intake(node_frame& frame, site_host& host, site_orders& orders, site_revisions& revisions);
  ~intake() { stop(); }

  /// Joins the group. errc::conflict where the topics differ in their number of partitions: a
  /// site's records would be read by several nodes.
  [[nodiscard]] domain::result<void> open(site_host& host,
                                          const std::vector<shared_site>& files);
  /// Acquires what is assigned at once, and goes on with that on a thread of its own. REQUIRES: the
  /// engine node is pulsed.
  void start();
  /// Ends the thread. Partitions stay assigned.
  void stop();
  /// After `stop`: hands the partitions over, and leaves the group.
  void leave(bool in_order);

  [[nodiscard]] capability_watch& capabilities() { return capabilities_; }
  [[nodiscard]] const group_watch& group() const { return group_; }
  /// Of the consumer; thread-safe.
  [[nodiscard]] ports::log_statistics statistics() const;
  /// Why nothing is read any more, for good; thread-safe.
  [[nodiscard]] std::optional<domain::error> lost() const;

private:
  void loop();
  void step(domain::microseconds patience, domain::microseconds read_patience);
  void take(const ports::record& record);
  void look_at_shards();
  void mind_place();
  void follow_drain_order();
  void hold_back(std::int64_t in_flight);
  void look_at_group();

  node_frame& frame_;
  std::unique_ptr<site_keeper> keeper_;
  std::unique_ptr<ports::log_consumer> input_;
  ingest ingest_;
  site_revisions& revisions_;
  capability_watch capabilities_;
  epoch_watch epochs_;
  group_watch group_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
  bool is_held_back_ = false;
  struct told_state {
    /// Of the thread that polls.
    domain::instant looked_at{};
    domain::instant asks_again_at{};
    std::mutex guard;
    ports::log_statistics statistics;
    std::optional<domain::error> lost;
  };
  mutable told_state told_;
};

} // namespace busbar::node
