// busbar.owners.v1, and the fences in busbar.commands.v1

#include "messages/shard_codec.hpp"

#include "domain/record_key.hpp"
#include "messages/border.hpp"
#include "messages/record_decoder.hpp"
#include "messages/schema/fences_generated.h"
#include "messages/schema/owners_generated.h"

#include <cassert>
#include <limits>

namespace busbar::messages {

namespace {

using namespace border;

constexpr std::int32_t shard_most = std::numeric_limits<std::int32_t>::max();

bool fence_is_right(const schema::Fence& from, field_check& check) {
  using namespace bounds;
  return check.in_range("shard", from.shard(), 0, shard_most) &&
         check.is_name("node", text_of(from.node()), id_bytes_max) &&
         check.in_range("written_at_us", from.written_at_us(), 0, time_us_max);
}

bool owner_is_right(const schema::Owner& from, field_check& check) {
  using namespace bounds;
  return check.in_range("shard", from.shard(), 0, shard_most) &&
         check.is_name("node", text_of(from.node()), id_bytes_max) &&
         check.is_name_or_empty("address", text_of(from.address()), address_bytes_max) &&
         check.in_range("owned_since_us", from.owned_since_us(), 0, time_us_max);
}

template <class Message>
domain::result<Message> of_record(const ports::record& from,
                                  domain::result<Message> (*decode)(bytes_view)) {
  const auto bytes = value_of(from);
  if (!bytes) return bytes.failure();
  auto message = decode(bytes.value());
  if (message && message.value().shard != from.place.partition)
    return domain::error{domain::errc::out_of_range,
                         "shard is " + std::to_string(message.value().shard) +
                             ", allowed is the partition of the record, " +
                             std::to_string(from.place.partition)};
  return message;
}

} // namespace

ports::topic_settings owners_topic_settings(std::int32_t shards) {
  return {owners_topic, shards, true, std::nullopt, 65'536};
}

std::string shard_key(std::int32_t shard, std::int32_t shards) {
  assert(shard >= 0 && shard < shards);
  const auto stem = "shard-" + std::to_string(shard) + "-";
  for (int turn = 0;; ++turn)
    if (auto key = stem + std::to_string(turn); domain::partition_of_key(key, shards) == shard)
      return key;
}

ports::shared_bytes encode(const domain::shard_fence& fence) {
  auto& builder = empty_builder();
  const auto node = builder.CreateString(cut_text(fence.node, bounds::id_bytes_max));
  schema::FinishFenceBuffer(builder,
                            schema::CreateFence(builder, fence.shard, node, fence.start,
                                                fence.attempt, to_us(fence.written_at)));
  return finished_bytes(builder);
}

ports::shared_bytes encode(const domain::shard_owner& owner) {
  auto& builder = empty_builder();
  const auto node = builder.CreateString(cut_text(owner.node, bounds::id_bytes_max));
  const auto address = put_text(builder, owner.address, bounds::address_bytes_max);
  schema::FinishOwnerBuffer(builder,
                            schema::CreateOwner(builder, owner.shard, owner.owner, node, address,
                                                to_us(owner.owned_since)));
  return finished_bytes(builder);
}

bool is_fence(const ports::record& from) {
  return from.value != nullptr && has_identifier(*from.value, schema::FenceIdentifier());
}

bool is_owner_mark(const ports::record& from) {
  return from.value != nullptr && has_identifier(*from.value, schema::OwnerIdentifier());
}

domain::result<domain::shard_fence> decode_fence(bytes_view bytes) {
  auto message = open<schema::Fence>(bytes, schema::FenceIdentifier());
  if (!message) return message.failure();
  const schema::Fence& root = *message.value().root;
  field_check check;
  if (!fence_is_right(root, check)) return check.failure();
  return domain::shard_fence{root.shard(), std::string{text_of(root.node())}, root.start(),
                             root.attempt(), to_instant(root.written_at_us())};
}

domain::result<domain::shard_owner> decode_owner(bytes_view bytes) {
  auto message = open<schema::Owner>(bytes, schema::OwnerIdentifier());
  if (!message) return message.failure();
  const schema::Owner& root = *message.value().root;
  field_check check;
  if (!owner_is_right(root, check)) return check.failure();
  if (root.owner() == 0)
    return domain::error{domain::errc::missing_field, "owner is 0, which is no epoch"};
  return domain::shard_owner{root.shard(), root.owner(), std::string{text_of(root.node())},
                             std::string{text_of(root.address())},
                             to_instant(root.owned_since_us())};
}

domain::result<domain::shard_fence> fence_of(const ports::record& from) {
  return of_record(from, decode_fence);
}

domain::result<domain::shard_owner> owner_of(const ports::record& from) {
  return of_record(from, decode_owner);
}

} // namespace busbar::messages
