#include "adapters/embedded/log_state.hpp"

#include <mutex>
#include <utility>

namespace busbar::adapters::embedded {

log_state::log_state(embedded_log_settings settings, std::unique_ptr<kept_topics> kept)
    : settings_(std::move(settings)), kept_(std::move(kept)) {}

domain::result<void> log_state::add_topic(const ports::topic_settings& settings) {
  std::unique_lock lock(mutex_);
  if (topics_.contains(settings.name)) return {};
  auto entry = std::make_unique<topic>();
  entry->settings = settings;
  const auto count = static_cast<std::size_t>(settings.partitions);
  const partition_bounds bounds{settings_.topic_records_max / count,
                                settings_.topic_bytes_max / count};
  for (std::int32_t place = 0; place < settings.partitions; ++place)
    entry->partitions.push_back(std::make_unique<partition>(
        ports::partition_id{settings.name, place}, settings, bounds, locks_));
  entry->is_kept = kept_ != nullptr && settings_.keeps(settings.name);
  if (entry->is_kept) {
    std::vector<partition*> parts;
    for (const auto& each : entry->partitions) parts.push_back(each.get());
    if (auto added = kept_->add(settings.name, parts); !added) return added;
  }
  topics_[settings.name] = std::move(entry);
  return {};
}

void log_state::commit(const std::string& group, const ports::partition_id& place,
                       std::int64_t next) {
  const auto* of = find(place.topic);
  of->partitions[static_cast<std::size_t>(place.partition)]->commit(group, next);
  if (of->is_kept) kept_->commit({group, place, next});
}

topic* log_state::find(const std::string& name) {
  std::shared_lock lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : found->second.get();
}

partition& log_state::at(const ports::partition_id& place) {
  return *find(place.topic)->partitions[static_cast<std::size_t>(place.partition)];
}

consumer_group& log_state::group(const std::string& name) {
  std::unique_lock lock(mutex_);
  auto& entry = groups_[name];
  if (entry == nullptr) entry = std::make_unique<consumer_group>(locks_);
  return *entry;
}

topic_sizes log_state::sizes() {
  std::shared_lock lock(mutex_);
  topic_sizes sizes;
  for (const auto& [name, entry] : topics_) sizes[name] = entry->settings.partitions;
  return sizes;
}

void log_state::rebalance_groups() {
  const topic_sizes now = sizes();
  std::shared_lock lock(mutex_);
  for (const auto& [name, group] : groups_) group->rebalance(now);
}

ports::log_statistics log_state::statistics() {
  std::shared_lock lock(mutex_);
  ports::log_statistics all;
  for (const auto& [name, entry] : topics_) {
    for (const auto& part : entry->partitions) {
      const partition_figures figures = part->figures();
      all["published_total"] += static_cast<double>(figures.appended);
      all["published_bytes_total"] += static_cast<double>(figures.appended_bytes);
      all["refused_full_total"] += static_cast<double>(figures.refused_full);
      all["expired_total"] += static_cast<double>(figures.expired);
      all["superseded_total"] += static_cast<double>(figures.superseded);
      all["dropped_total"] += static_cast<double>(figures.dropped);
      all["retained_records"] += static_cast<double>(figures.records);
      all["retained_bytes"] += static_cast<double>(figures.bytes);
    }
  }
  all["locks_total"] = static_cast<double>(locks_.taken.load());
  all["lock_waits_total"] = static_cast<double>(locks_.waited.load());
  // What is not kept waits for nothing: a record is in the log when publish returns.
  all["queue_depth"] = kept_ ? static_cast<double>(kept_->waiting()) : 0;
  return all;
}

std::string log_state::new_member_name() {
  return "member-" + std::to_string(members_named_.fetch_add(1) + 1);
}

} // namespace busbar::adapters::embedded
