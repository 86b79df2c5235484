#include "adapters/kafka/record_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <tuple>
#include <utility>

namespace busbar::adapters::kafka {

namespace {

using message_pointer = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;
using list_pointer = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                     decltype(&rd_kafka_topic_partition_list_destroy)>;
using std::chrono::steady_clock;

properties reader_properties(const kafka_settings& settings) {
  return {{"bootstrap.servers", settings.bootstrap},
          {"client.id", settings.client_id},
          // Needed by the interface; this reader joins no group and commits nothing.
          {"group.id", settings.client_id + ".read-all"},
          {"enable.auto.commit", "false"},
          {"auto.offset.reset", "earliest"},
          {"enable.partition.eof", "true"},
          {"fetch.message.max.bytes", "8388608"}};
}

domain::microseconds left_until(steady_clock::time_point deadline) {
  return std::chrono::duration_cast<domain::microseconds>(deadline - steady_clock::now());
}

} // namespace

ports::record record_of(const rd_kafka_message_s& message) {
  ports::record to;
  to.place = {rd_kafka_topic_name(message.rkt), message.partition};
  to.offset = message.offset;
  if (message.key != nullptr)
    to.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) {
    const auto* first = static_cast<const std::uint8_t*>(message.payload);
    to.value = std::make_shared<const std::vector<std::uint8_t>>(first, first + message.len);
  }
  const std::int64_t written_ms = rd_kafka_message_timestamp(&message, nullptr);
  to.written_at = domain::instant{std::chrono::milliseconds{std::max<std::int64_t>(written_ms, 0)}};
  return to;
}

void record_collection::add(ports::record record) {
  if (newest_only_) {
    const auto [known, is_new] = newest_.try_emplace(record.key, kept_.size());
    if (!is_new) {
      kept_[known->second] = std::move(record);
      return;
    }
  }
  kept_.push_back(std::move(record));
}

std::vector<ports::record> record_collection::finish() {
  if (newest_only_) std::erase_if(kept_, [](const auto& each) { return each.value == nullptr; });
  std::sort(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
    return std::tie(one.place, one.offset) < std::tie(other.place, other.offset);
  });
  return std::move(kept_);
}

domain::result<std::vector<ports::record>> read_topic(const kafka_settings& settings,
                                                         const std::string& topic,
                                                         std::int32_t partitions,
                                                         bool newest_only,
                                                         domain::microseconds patience) {
  const auto deadline = steady_clock::now() + patience;
  callback_target target;
  client_configuration configuration(target);
  if (auto set = configuration.set(with_further(reader_properties(settings), settings)); !set)
    return set.failure();
  auto made = configuration.make(client_kind::consumer);
  if (!made) return made.failure();
  rd_kafka_t* client = made.value().get();
  rd_kafka_poll_set_consumer(client);
  const list_pointer places(rd_kafka_topic_partition_list_new(partitions),
                            rd_kafka_topic_partition_list_destroy);
  for (std::int32_t place = 0; place < partitions; ++place)
    rd_kafka_topic_partition_list_add(places.get(), topic.c_str(), place)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  if (const int code = rd_kafka_assign(client, places.get()))
    return error_of(code, "kafka: reading " + topic, target.reports);

  record_collection all(newest_only);
  for (std::int32_t unfinished = partitions; unfinished > 0;) {
    if (left_until(deadline).count() <= 0)
      return error_of(RD_KAFKA_RESP_ERR__TIMED_OUT, "kafka: reading all of " + topic,
                      target.reports);
    const int wait_ms = std::min(milliseconds_of(left_until(deadline)), 100);
    const message_pointer message(rd_kafka_consumer_poll(client, wait_ms),
                                  rd_kafka_message_destroy);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) --unfinished;
    else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) all.add(record_of(*message));
    else if (answer_of(message->err) != broker_answer::passing)
      return error_of(message->err, "kafka: reading " + topic, target.reports);
  }
  return all.finish();
}

} // namespace busbar::adapters::kafka
