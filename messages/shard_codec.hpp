#pragma once
// Records about shards (OWN-2), between bytes and domain: fences in the commands topic and the
// table of owners. Their keys are no sites: each is chosen so that its record is in the partition
// that is its shard.

#include "domain/shard_records.hpp"
#include "messages/codec.hpp"

namespace busbar::messages {

inline constexpr const char* owners_topic = "busbar.owners.v1";

/// Compacted, a partition a shard.
[[nodiscard]] ports::topic_settings owners_topic_settings(std::int32_t shards);
/// The key of a shard's fences and of its row in the table of owners. REQUIRES: `shard` < `shards`.
[[nodiscard]] std::string shard_key(std::int32_t shard, std::int32_t shards);

[[nodiscard]] ports::shared_bytes encode(const domain::shard_fence& fence);
[[nodiscard]] ports::shared_bytes encode(const domain::shard_owner& owner);

/// Whether a record of the commands topic is a fence; all others are commands.
[[nodiscard]] bool is_fence(const ports::record& from);
[[nodiscard]] domain::result<domain::shard_fence> decode_fence(bytes_view bytes);
[[nodiscard]] domain::result<domain::shard_owner> decode_owner(bytes_view bytes);

/// Commands of the engine node whose fence begins `fence`; 0: it wrote none.
[[nodiscard]] ports::shared_bytes encode_under(domain::epoch fence,
                                               const domain::command_batch& batch);
/// The fence that a record's commands name; 0: none, or it cannot be read.
[[nodiscard]] domain::epoch fence_named_by(const ports::record& from);

/// Whether a record of the sessions topic is an owner's mark: facts of nodes before that one which
/// stand after it do not count. All others are facts.
[[nodiscard]] bool is_owner_mark(const ports::record& from);

/// The same of a session fact.
[[nodiscard]] ports::shared_bytes encode_under(domain::epoch fence,
                                               const domain::session_fact& fact);
[[nodiscard]] domain::epoch fact_fence_named_by(const ports::record& from);

/// The fence or row of a record; errc::out_of_range where it is in another partition than its
/// shard, errc::missing_field where it has no value.
[[nodiscard]] domain::result<domain::shard_fence> fence_of(const ports::record& from);
[[nodiscard]] domain::result<domain::shard_owner> owner_of(const ports::record& from);

} // namespace busbar::messages
