#pragma once
// An idempotent producer: records of one key keep their order and come once, whatever fails.

#include "adapters/kafka/kafka_log.hpp"
#include "adapters/kafka/topic_directory.hpp"

#include <memory>

namespace busbar::adapters::kafka {

/// A record waits in the bounded queue as long as the cluster is away; it is never dropped for its
/// age. The destructor waits a second for what is queued: call `flush` first.
[[nodiscard]] domain::result<std::unique_ptr<ports::log_producer>>
make_kafka_producer(const kafka_settings& settings, std::shared_ptr<topic_directory> topics);

} // namespace busbar::adapters::kafka
