#pragma once
// Topics of the cluster: which there are, and making those that are missing.

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/kafka_log.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::kafka {

/// Partitions of each topic that has a leader for all of them.
using cluster_topics = std::map<std::string, std::int32_t>;

/// Every topic of the cluster. errc::unavailable.
[[nodiscard]] domain::result<cluster_topics> list_topics(rd_kafka_s* client,
                                                         const client_reports& reports,
                                                         domain::microseconds patience);
/// Partitions of one topic; absent: there is none of that name. errc::unavailable.
[[nodiscard]] domain::result<std::optional<std::int32_t>>
find_topic(rd_kafka_s* client, const client_reports& reports, const std::string& topic,
           domain::microseconds patience);
/// Makes what is missing and waits until it can be used.
[[nodiscard]] domain::result<void>
make_missing_topics(rd_kafka_s* client, const client_reports& reports,
                    const std::vector<ports::topic_settings>& topics,
                    const kafka_settings& settings);

} // namespace busbar::adapters::kafka
