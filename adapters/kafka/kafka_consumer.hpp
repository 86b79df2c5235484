#pragma once
// One member of a consumer group: cooperative-sticky, static where it has a name.

#include "adapters/kafka/kafka_log.hpp"

#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::kafka {

/// A named member that goes keeps its partitions until `session_timeout` has passed, so that it can
/// come back to them; an unnamed one hands them over at once. What is done is told to the cluster
/// every half second, before a partition is let go, and at the end. A member whose name another one
/// takes (OWN-1), or that cannot reach the cluster for `session_timeout`, is told that all its
/// partitions are revoked, and is in place again once the group has given it partitions. It ends
/// where another process has started later under its name (name_claim.hpp). The claim is written
/// here: errc::unavailable where the cluster does not take it.
[[nodiscard]] domain::result<std::unique_ptr<ports::log_consumer>>
make_kafka_consumer(const kafka_settings& settings, ports::consumer_settings consumer);

} // namespace busbar::adapters::kafka
