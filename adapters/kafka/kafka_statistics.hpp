#pragma once
// librdkafka's statistics document as names and numbers (STATISTICS.md of librdkafka).

#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <string>

namespace busbar::adapters::kafka {

/// "queue_bytes", "sent_total", "sent_bytes_total", "received_total", "received_bytes_total",
/// "requests_waiting", "brokers_up", "retries_total", "request_timeouts_total",
/// "round_trip_seconds" (the slowest broker's mean). errc::malformed.
[[nodiscard]] domain::result<ports::log_statistics> read_statistics(const std::string& json);

} // namespace busbar::adapters::kafka
