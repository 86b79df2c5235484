#include "node/owner_reader.hpp"

#include "messages/shard_codec.hpp"
#include "node/owner_book.hpp"
#include "node/shard_fencing.hpp"

#include <chrono>
#include <utility>

namespace busbar::node {

domain::result<void> owner_reader::open() {
  ports::consumer_settings wanted;
  wanted.group = "busbar-owners-" + frame_.settings.name;
  wanted.member = frame_.settings.name;
  wanted.topics = {messages::owners_topic};
  // Nothing is ever committed: whatever takes the partitions away, the whole table is read again.
  wanted.from_beginning = true;
  auto reader = frame_.log->consumer(std::move(wanted));
  if (!reader) return reader.failure();
  input_ = std::move(reader.value());
  return {};
}

void owner_reader::start() {
  thread_ = std::thread{[this] { loop(); }};
}

void owner_reader::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void owner_reader::loop() {
  constexpr std::size_t records_max = 1'000;
  constexpr std::chrono::milliseconds poll_patience{100};
  while (!shall_stop_.load(std::memory_order_relaxed) && !input_->ended())
    for (const auto& record : input_->poll(records_max, poll_patience)) take(record);
}

/// A deleted row states nothing of the shard.
void owner_reader::take(const ports::record& record) {
  if (record.value == nullptr) return;
  const auto row = messages::owner_of(record);
  if (!row) return refuse(frame_, record, row.failure());
  if (frame_.owners->take(row.value())) publish_ownership(frame_, {row.value().shard});
}

} // namespace busbar::node
