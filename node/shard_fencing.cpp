#include "node/shard_fencing.hpp"

#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/awaited_records.hpp"
#include "node/boot_clock.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace busbar::node {

namespace {

using messages::commands_topic;

domain::error not_fenced(std::int32_t shard) {
  return {domain::errc::unavailable,
          "the fence of shard " + std::to_string(shard) +
              " is not in the log, or another engine node's stands after it"};
}

void append(const node_frame& frame, const domain::shard_fence& fence) {
  const auto answer = [shards = frame.shards, fence](const ports::acknowledged& kept) {
    const auto offset = kept ? std::optional{kept.value().second} : std::nullopt;
    shards->fence_answered(fence, offset, boot_clock());
  };
  const auto key = messages::shard_key(fence.shard, frame.shards->count());
  const auto sent =
      frame.out->producer().publish(commands_topic, key, messages::encode(fence), answer);
  if (!sent) frame.shards->fence_answered(fence, std::nullopt, boot_clock());
}

domain::shard_owner row_of(const node_frame& frame, std::int32_t shard) {
  return {shard, frame.shards->epoch_of(shard), frame.settings.name, frame.settings.address,
          wall_clock()};
}

void take_fence(const node_frame& frame, const ports::record& record) {
  const auto fence = messages::fence_of(record);
  if (fence) frame.shards->read(fence.value(), record.offset, boot_clock());
  else refuse(frame, record, fence.failure());
}

} // namespace

domain::result<void> fence(const node_frame& frame, const shard_register::shards& shards,
                           domain::microseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto asked_at = boot_clock();
  if (auto answers = frame.log->check(); !answers) return answers;
  frame.shards->want(shards, boot_clock());
  frame.shards->in_touch(asked_at, boot_clock());
  for (const auto& each : frame.shards->take_fences()) append(frame, each);
  const auto missing = frame.shards->await_fences(shards, deadline);
  return missing ? not_fenced(*missing) : domain::result<void>{};
}

void take_fences_of(const node_frame& frame, const ports::read_span& span) {
  for (const auto& record : span.records)
    if (record.place.topic == commands_topic && messages::is_fence(record))
      take_fence(frame, record);
  for (const auto& [place, end] : span.ends)
    if (place.topic == commands_topic) frame.shards->caught_up(place.partition, end, boot_clock());
}

void take_command_record(const node_frame& frame, const ports::record& record) {
  if (messages::is_fence(record)) take_fence(frame, record);
  frame.shards->passed(record.place.partition, record.offset);
}

bool look(const node_frame& frame, bool is_in_place, domain::microseconds patience) {
  std::map<ports::partition_id, std::optional<std::int64_t>> places;
  for (const auto& [shard, from] : frame.shards->to_look_at(boot_clock()))
    places.emplace(ports::partition_id{commands_topic, shard}, from);
  if (places.empty()) return false;
  const auto asked_at = boot_clock();
  const auto span = frame.log->read_from(places, patience);
  if (!span) return true;
  // What was written since it was asked is read by the next look, or polled.
  if (is_in_place) frame.shards->in_touch(asked_at, boot_clock());
  take_fences_of(frame, span.value());
  return true;
}

void publish_ownership(const node_frame& frame, const shard_register::shards& of) {
  for (const auto shard : of) {
    const auto row = row_of(frame, shard);
    if (row.owner == 0) continue;
    static_cast<void>(frame.out->producer().publish(
        messages::owners_topic, messages::shard_key(shard, frame.shards->count()),
        messages::encode(row)));
  }
}

domain::result<void> mark_facts(const node_frame& frame, const shard_register::shards& shards,
                                domain::microseconds patience) {
  const auto marks = std::make_shared<awaited_records>();
  for (const auto shard : shards) {
    const auto row = row_of(frame, shard);
    if (row.owner == 0) return not_fenced(shard);
    marks->begin();
    auto sent = frame.out->producer().publish(
        messages::sessions_topic, messages::shard_key(shard, frame.shards->count()),
        messages::encode(row), [marks](const ports::acknowledged& kept) {
          marks->end(kept ? domain::result<void>{} : kept.failure());
        });
    if (!sent) return sent;
  }
  return marks->wait(patience, "marks among the session facts");
}

} // namespace busbar::node
