#pragma once
// Which session facts count (OWN-2): a node that was cut off may write, when its link heals, what
// it told before another node took its sites over. Such facts stand after those of the newer fence
// and are dropped. Used by one thread.

#include "domain/ids.hpp"
#include "messages/shard_codec.hpp"
#include "ports/event_log.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>

namespace busbar::node {

class fact_gate {
public:
  /// Records of each site come in their partition's order. One that names no fence is taken: its
  /// writer knows none.
  [[nodiscard]] bool admits(const ports::record& fact) {
    const auto named = messages::fact_fence_named_by(fact);
    if (named == 0) return true;
    auto& newest = newest_[fact.key];
    const bool counts = named >= newest;
    newest = std::max(newest, named);
    dropped_ += !counts;
    return counts;
  }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
  std::unordered_map<std::string, domain::epoch> newest_;
  std::uint64_t dropped_ = 0;
};

} // namespace busbar::node
