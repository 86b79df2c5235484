#pragma once
// The log that an address on the command line names.

#include "domain/fault_list.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct log_options {
  /// "embedded", "embedded:FOLDER", or "kafka://host:port[,host:port...]".
  std::string address = "embedded";
  /// File of librdkafka properties (adapters/kafka/property_file.hpp); empty: none.
  std::string kafka_config;
  /// Partitions of each topic where they are made (node/shard_count.hpp).
  std::optional<std::int32_t> shards;
};

/// --kafka-config FILE.
void add_kafka_config_option(CLI::App& command, log_options& options);

/// --shards N.
void add_shards_option(CLI::App& command, log_options& options);

/// Null, and every fault, "--log: ..." or "FILE:LINE: ...", where the options are not right.
[[nodiscard]] std::shared_ptr<ports::event_log> open_log(const log_options& options,
                                                         domain::fault_list& faults);

} // namespace busbar::apps
