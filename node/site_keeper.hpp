#pragma once
// Acquires, releases and forgets sites as the node's partitions of telemetry come and go
// (`ownership` decides, `site_host` does). Used by the thread that polls.

#include "node/ownership.hpp"
#include "node/site_host.hpp"
#include "ports/event_log.hpp"

#include <functional>
#include <vector>

namespace busbar::node {

class site_keeper {
public:
  /// `is_in_place`: whether the member's place in its group is certain; what is taken from it is
  /// handed over in order then, and lost otherwise.
  site_keeper(node_frame& frame, site_host& host, ownership own,
              std::function<bool()> is_in_place);

  /// For the consumer that reads telemetry.
  [[nodiscard]] ports::rebalance_listener listener();
  /// After each poll: forgets what another node holds, and acquires what is to be held here. Where
  /// the log does not answer within `patience` it is tried again a second later.
  void settle(domain::instant now, domain::microseconds patience);
  /// Sites that were acquired since the last call, with what they have still to take.
  [[nodiscard]] std::vector<recovered_site> take_recovered() { return host_.take_recovered(); }
  /// The node ends, and its checkpoints are written: what is taken from it needs nothing more.
  void close() { is_closed_ = true; }
  /// Another node may hold sites whose actors still run here: nothing of them may leave.
  [[nodiscard]] bool is_in_doubt() const;

private:
  void give_up_unread();
  void take_overtaken();
  void let_go(const std::vector<ports::partition_id>& places);
  void settle_doubts(domain::microseconds patience);
  void acquire(domain::microseconds patience);
  void failed(const domain::error& why);

  node_frame& frame_;
  site_host& host_;
  ownership own_;
  std::function<bool()> is_in_place_;
  bool is_closed_ = false;
  domain::instant now_{};
  /// After a failure nothing is tried before.
  domain::instant again_at_{};
};

/// Each site with the partition of `partitions` that its records are in.
[[nodiscard]] ownership ownership_of(const std::vector<shared_site>& files,
                                     std::int32_t partitions);

} // namespace busbar::node
