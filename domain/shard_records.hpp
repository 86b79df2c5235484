#pragma once
// What engine nodes write about shards (OWN-2): fences in the commands topic, owners in a table.

#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>

namespace busbar::domain {

/// An engine node takes the shard over: from here on its partition of the commands topic counts
/// the commands of this node alone.
struct shard_fence {
  std::int32_t shard = 0;
  /// The node's name, and what tells two processes of one name apart.
  std::string node;
  std::uint64_t start = 0;
  /// Of the fences that the process has handed over for the shard.
  std::uint32_t attempt = 0;
  instant written_at{};
  bool operator==(const shard_fence&) const = default;
};

/// An engine node owns the shard: it has read all before its fence, and commands.
struct shard_owner {
  std::int32_t shard = 0;
  /// Of its commands.
  epoch owner = 0;
  std::string node;
  /// Where the node answers, "host:port"; empty: nowhere.
  std::string address;
  instant owned_since{};
  bool operator==(const shard_owner&) const = default;
};

} // namespace busbar::domain
