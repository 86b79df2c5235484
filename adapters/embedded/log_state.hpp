#pragma once
// What the embedded log, its producers and its consumers share.

#include "adapters/embedded/consumer_group.hpp"
#include "adapters/embedded/counted_mutex.hpp"
#include "adapters/embedded/embedded_log.hpp"
#include "adapters/embedded/kept_topics.hpp"
#include "adapters/embedded/partition.hpp"

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

namespace busbar::adapters::embedded {

struct topic {
  ports::topic_settings settings;
  std::vector<std::unique_ptr<partition>> partitions;
  /// It outlives the process.
  bool is_kept = false;
};

/// Thread-safe. Topics and groups are never removed, so that pointers to them stay.
class log_state {
public:
  /// `kept`: null where everything goes with the process.
  explicit log_state(embedded_log_settings settings, std::unique_ptr<kept_topics> kept = {});

  [[nodiscard]] domain::result<void> add_topic(const ports::topic_settings& settings);
  /// Null: no such topic.
  [[nodiscard]] topic* find(const std::string& name);
  /// REQUIRES: the partition exists.
  [[nodiscard]] partition& at(const ports::partition_id& place);
  [[nodiscard]] consumer_group& group(const std::string& name);
  [[nodiscard]] topic_sizes sizes();
  /// The topics have changed.
  void rebalance_groups();
  [[nodiscard]] ports::log_statistics statistics();
  [[nodiscard]] domain::instant now() const { return settings_.now(); }
  /// Null: nothing outlives the process.
  [[nodiscard]] kept_topics* kept() const { return kept_.get(); }
  /// A group goes on at `next`.
  void commit(const std::string& group, const ports::partition_id& place, std::int64_t next);
  /// A name that no member has yet.
  [[nodiscard]] std::string new_member_name();

private:
  embedded_log_settings settings_;
  lock_counters locks_;
  std::atomic<std::uint64_t> members_named_{0};
  std::shared_mutex mutex_;
  std::map<std::string, std::unique_ptr<topic>> topics_;
  std::map<std::string, std::unique_ptr<consumer_group>> groups_;
  /// The last one: it writes what waits into the partitions.
  std::unique_ptr<kept_topics> kept_;
};

} // namespace busbar::adapters::embedded
