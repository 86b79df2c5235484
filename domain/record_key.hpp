#pragma once
// Which partition a key's records are in, the same everywhere: murmur2 as Kafka's Java client.

#include <cstdint>
#include <string>

namespace busbar::domain {

/// REQUIRES: `partitions` is at least 1.
[[nodiscard]] std::int32_t partition_of_key(const std::string& key, std::int32_t partitions);

} // namespace busbar::domain
