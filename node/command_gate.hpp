#pragma once
// Which commands a gateway takes (OWN-2): those under the last fence before them in their partition
// of the commands topic, whatever their epoch's number. Used by the thread that polls.

#include "control/ownership/last_fence.hpp"
#include "domain/shard_records.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace busbar::node {

class command_gate {
public:
  /// A fence stands at `offset` of the shard's partition of the commands topic.
  void take_fence(std::int32_t shard, std::int64_t offset) { shards_[shard].read(offset); }
  /// The table of owners: for shards of which no fence was read, because it stands before what the
  /// gateway reads.
  void take_owner(const domain::shard_owner& row) { shards_[row.shard].learn(row.owner); }
  /// `named`: the fence that the commands name.
  [[nodiscard]] bool admits(std::int32_t shard, domain::epoch named) const {
    const auto known = shards_.find(shard);
    return known == shards_.end() || known->second.admits(named);
  }

  /// Whether the table of owners may know a newer fence of the shard than this: commands that stand
  /// at `offset` name one, and no fence was read. True once for each fence that is named.
  [[nodiscard]] bool shall_ask(std::int32_t shard, domain::epoch named, std::int64_t offset) {
    const auto known = shards_.find(shard);
    const bool is_told = known == shards_.end() || !known->second.has_read();
    const auto last = known == shards_.end() ? std::nullopt : known->second.epoch();
    const bool can_stand = named != 0 && named <= static_cast<domain::epoch>(offset);
    if (!is_told || !can_stand || (last && named <= *last)) return false;
    auto& asked = asked_[shard];
    return std::exchange(asked, std::max(asked, named)) < named;
  }

private:
  std::map<std::int32_t, control::ownership::last_fence> shards_;
  /// The newest fence that was asked for.
  std::map<std::int32_t, domain::epoch> asked_;
};

} // namespace busbar::node
