#pragma once
// The log port on Kafka (ports/event_log.hpp): idempotent producer, cooperative-sticky
// consumers, topics made with their stated settings. librdkafka does the talking, on threads of its
// own; nothing here blocks longer than the patience that the caller or these settings state.

#include "adapters/kafka/kafka_client.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "ports/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace busbar::adapters::kafka {

struct kafka_settings {
  /// "host:port,host:port": where to ask for the cluster.
  std::string bootstrap;
  /// How the cluster's own logs and quotas call this client.
  std::string client_id = "busbar";
  /// Copies of each partition of a topic that is created here; -1: as the cluster says.
  std::int32_t replication = -1;
  /// A producer keeps at most this much until the cluster has it; then publish answers errc::full.
  std::size_t queue_records_max = 100'000;
  std::size_t queue_bytes_max = 64 * 1'048'576;
  /// Records of one partition wait this long for others to travel with.
  domain::microseconds linger = std::chrono::milliseconds{10};
  /// A consumer keeps at most this much that has not been polled yet.
  std::size_t fetched_bytes_max = 32 * 1'048'576;
  /// A member that is silent for so long loses its partitions.
  domain::seconds session_timeout{6};
  /// How long ensure_topics waits for an answer; check waits a second of it at most.
  domain::microseconds answer_timeout = std::chrono::seconds{5};
  /// Of every client, over what it sets itself: TLS, SASL, tuning (adapters/kafka/property_file).
  properties further = {};
};

/// `own`, then the further ones of `settings`.
[[nodiscard]] properties with_further(properties own, const kafka_settings& settings);

/// errc::out_of_range with field, value and what is allowed.
[[nodiscard]] domain::result<void> validate(const kafka_settings& settings);

/// `bootstrap` from "kafka://host:port,host:port". errc::malformed, errc::out_of_range.
[[nodiscard]] domain::result<std::string> bootstrap_of(const std::string& address);

/// Needs no broker yet: what talks to it says when it cannot be reached (errc::unavailable).
[[nodiscard]] domain::result<std::shared_ptr<ports::event_log>>
make_kafka_log(const kafka_settings& settings);

} // namespace busbar::adapters::kafka
