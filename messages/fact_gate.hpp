#pragma once
// Which session facts count (OWN-2): a node that was cut off may write, when its link heals, what
// it told before another node took its sites over. An owner writes a mark into its shard's
// partition before it reads the facts of the nodes before it; facts of an older fence that stand
// after the mark, or after facts of a newer fence, are dropped. Used by one thread.

#include "domain/ids.hpp"
#include "domain/shard_records.hpp"
#include "messages/shard_codec.hpp"
#include "ports/event_log.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace busbar::messages {

class fact_gate {
public:
  /// An owner's mark was read.
  void take_mark(const domain::shard_owner& mark) {
    auto& newest = newest_[mark.shard];
    newest = std::max(newest, mark.owner);
  }
  /// Records come in their partition's order. One that names no fence is taken: its writer knows
  /// none.
  [[nodiscard]] bool admits(const ports::record& fact) {
    const auto named = fact_fence_named_by(fact);
    if (named == 0) return true;
    auto& newest = newest_[fact.place.partition];
    const bool counts = named >= newest;
    newest = std::max(newest, named);
    dropped_ += !counts;
    return counts;
  }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// The newest fence of a shard so far; 0: none.
  [[nodiscard]] domain::epoch newest(std::int32_t shard) const {
    const auto found = newest_.find(shard);
    return found == newest_.end() ? 0 : found->second;
  }
  /// Goes on where another reader of the shard has ended.
  void restore(std::int32_t shard, domain::epoch newest) { newest_[shard] = newest; }

private:
  /// By shard.
  std::map<std::int32_t, domain::epoch> newest_;
  std::uint64_t dropped_ = 0;
};

} // namespace busbar::messages
