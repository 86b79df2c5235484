#pragma once
// The topics that this log has seen to exist, with their largest record.

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::kafka {

/// Thread-safe.
class topic_directory {
public:
  void add(const std::string& topic, std::size_t record_bytes_max) {
    std::scoped_lock lock(mutex_);
    record_bytes_max_.insert_or_assign(topic, record_bytes_max);
  }
  /// Absent: not seen yet.
  [[nodiscard]] std::optional<std::size_t> record_bytes_max(const std::string& topic) const {
    std::scoped_lock lock(mutex_);
    const auto found = record_bytes_max_.find(topic);
    if (found == record_bytes_max_.end()) return std::nullopt;
    return found->second;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::scoped_lock lock(mutex_);
    std::vector<std::string> all;
    for (const auto& [name, bytes] : record_bytes_max_) all.push_back(name);
    return all;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> record_bytes_max_;
};

} // namespace busbar::adapters::kafka
