#pragma once
// Which commands a gateway takes (OWN-2): those under the last fence before them in their partition
// of the commands topic, whatever their epoch's number. Used by the thread that polls.

#include "control/ownership/last_fence.hpp"
#include "domain/shard_records.hpp"

#include <cstdint>
#include <map>

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

private:
  std::map<std::int32_t, control::ownership::last_fence> shards_;
};

} // namespace busbar::node
