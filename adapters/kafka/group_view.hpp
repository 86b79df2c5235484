#pragma once
// What the cluster knows of a consumer group, asked of its coordinator.

#include "adapters/kafka/kafka_decisions.hpp"

#include <string>

struct rd_kafka_s;

namespace busbar::adapters::kafka {

/// `client_id` with host, process and a random part: tells this client from another process that
/// joins a group under the same name.
[[nodiscard]] std::string own_client_id(const std::string& client_id);

/// Waits at most a second for the coordinator. `member` is the static name, or empty.
[[nodiscard]] group_view look_at_group(rd_kafka_s* client, const std::string& group,
                                       const std::string& member, const std::string& client_id);

} // namespace busbar::adapters::kafka
