#pragma once
// What `shard_register` asks of the log: fences, looks at what stands after them, and rows of the
// table of owners (OWN-2, OWN-3, OWN-5). Used by the thread that polls.

#include "node/node_frame.hpp"
#include "node/shard_register.hpp"

namespace busbar::node {

/// Each of `shards` has this node's fence in the log; or why not, within `patience`. REQUIRES: the
/// node's place in its group is certain.
[[nodiscard]] domain::result<void> fence(const node_frame& frame,
                                         const shard_register::shards& shards,
                                         domain::microseconds patience);
/// Fences among the records of a span, and how far each partition of the commands was read.
void take_fences_of(const node_frame& frame, const ports::read_span& span);
/// A record of the commands that was polled.
void take_command_record(const node_frame& frame, const ports::record& record);
/// Reads what stands after the own fences where that is not known, within `patience`.
/// `is_in_place`: of the node in its group. False where all is known.
bool look(const node_frame& frame, bool is_in_place, domain::microseconds patience);
/// Each of `shards` has this node's mark among its session facts: what nodes before it tell from
/// now on does not count (OWN-2). Before the facts are read. REQUIRES: fenced.
[[nodiscard]] domain::result<void> mark_facts(const node_frame& frame,
                                              const shard_register::shards& shards,
                                              domain::microseconds patience);
/// Writes rows of the table of owners.
void publish_ownership(const node_frame& frame, const shard_register::shards& of);

} // namespace busbar::node
