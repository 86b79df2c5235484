#pragma once
// librdkafka's messages as records, and all of a topic at once.

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/kafka_log.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

struct rd_kafka_message_s;

namespace busbar::adapters::kafka {

/// REQUIRES: the message is no error.
[[nodiscard]] ports::record record_of(const rd_kafka_message_s& message);

/// What a reader keeps of what it reads: all, or of each key the newest.
class record_collection {
public:
  explicit record_collection(bool newest_only) : newest_only_(newest_only) {}
  void add(ports::record record);
  /// In order of partition and offset; of the newest only those that are no deletions.
  [[nodiscard]] std::vector<ports::record> finish();

private:
  bool newest_only_;
  std::vector<ports::record> kept_;
  /// Where the newest record of each key stands in `kept_`.
  std::unordered_map<std::string, std::size_t> newest_;
};

/// How long a read may take.
struct read_limit {
  domain::microseconds patience{};
  /// The read is given up soon after this is true: errc::unavailable.
  const std::atomic<bool>& shall_end;
};

/// `ports::event_log::read_from`. errc::timeout, errc::unavailable.
[[nodiscard]] domain::result<ports::read_span>
read_places(const kafka_settings& settings,
            const std::map<ports::partition_id, std::optional<std::int64_t>>& places,
            const read_limit& limit);

/// Everything in the partitions 0..partitions-1 up to now. errc::timeout, errc::unavailable.
[[nodiscard]] domain::result<std::vector<ports::record>>
read_topic(const kafka_settings& settings, const std::string& topic, std::int32_t partitions,
           bool newest_only, const read_limit& limit);

} // namespace busbar::adapters::kafka
