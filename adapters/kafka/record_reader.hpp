#pragma once
// librdkafka's messages as records, and all of a topic at once.

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/kafka_log.hpp"

#include <string>
#include <vector>

struct rd_kafka_message_s;

namespace busbar::adapters::kafka {

/// REQUIRES: the message is no error.
[[nodiscard]] messages::record record_of(const rd_kafka_message_s& message);

/// Everything in the partitions 0..partitions-1 up to now, in order within each; deleted keys
/// included. errc::timeout, errc::unavailable.
[[nodiscard]] domain::result<std::vector<messages::record>>
read_topic(const kafka_settings& settings, const std::string& topic, std::int32_t partitions,
           domain::microseconds patience);

/// The newest record of each key, without deleted keys, in the same order.
[[nodiscard]] std::vector<messages::record> newest_of_each_key(std::vector<messages::record> all);

} // namespace busbar::adapters::kafka
