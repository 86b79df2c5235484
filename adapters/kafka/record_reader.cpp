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
          // The end of a partition is seen by a fetch that finds nothing: it is answered soon.
          {"fetch.wait.max.ms", "10"},
          {"reconnect.backoff.ms", "50"},
          {"reconnect.backoff.max.ms", "1000"},
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

namespace {

using place_list = std::map<ports::partition_id, std::optional<std::int64_t>>;

domain::result<client_pointer> reader_of(const kafka_settings& settings, callback_target& target,
                                         const place_list& places) {
  client_configuration configuration(target);
  if (auto set = configuration.set(with_further(reader_properties(settings), settings)); !set)
    return set.failure();
  auto made = configuration.make(client_kind::consumer);
  if (!made) return made.failure();
  rd_kafka_t* client = made.value().get();
  rd_kafka_poll_set_consumer(client);
  const list_pointer list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())),
                          rd_kafka_topic_partition_list_destroy);
  for (const auto& [place, from] : places)
    rd_kafka_topic_partition_list_add(list.get(), place.topic.c_str(), place.partition)->offset =
        from.value_or(RD_KAFKA_OFFSET_END);
  if (const int code = rd_kafka_assign(client, list.get()))
    return error_of(code, "kafka: reading " + places.begin()->first.topic, target.reports);
  return std::move(made.value());
}

/// Calls `take` with each record until every place has been read to its end of now; the ends.
template <class Take>
domain::result<std::map<ports::partition_id, std::int64_t>>
read_to_ends(const kafka_settings& settings, const place_list& places,
             const read_limit& limit, Take take) {
  std::map<ports::partition_id, std::int64_t> ends;
  if (places.empty()) return ends;
  const auto deadline = steady_clock::now() + limit.patience;
  callback_target target;
  auto client = reader_of(settings, target, places);
  if (!client) return client.failure();
  const auto& topic = places.begin()->first.topic;
  while (ends.size() < places.size()) {
    if (limit.shall_end.load())
      return domain::error{domain::errc::unavailable,
                           "kafka: reading " + topic + " was given up: the process ends"};
    if (left_until(deadline).count() <= 0)
      return error_of(RD_KAFKA_RESP_ERR__TIMED_OUT, "kafka: reading all of " + topic,
                      target.reports);
    const int wait_ms = std::min(milliseconds_of(left_until(deadline)), 100);
    const message_pointer message(rd_kafka_consumer_poll(client.value().get(), wait_ms),
                                  rd_kafka_message_destroy);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
      ends.insert_or_assign({rd_kafka_topic_name(message->rkt), message->partition},
                            message->offset);
    else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) take(record_of(*message));
    else if (answer_of(message->err) != broker_answer::passing)
      return error_of(message->err, "kafka: reading " + topic, target.reports);
  }
  return ends;
}

} // namespace

domain::result<ports::read_span> read_places(const kafka_settings& settings,
                                             const place_list& places,
                                             const read_limit& limit) {
  record_collection all(false);
  auto ends = read_to_ends(settings, places, limit,
                           [&](ports::record record) { all.add(std::move(record)); });
  if (!ends) return ends.failure();
  return ports::read_span{all.finish(), std::move(ends.value())};
}

domain::result<std::vector<ports::record>> read_topic(const kafka_settings& settings,
                                                         const std::string& topic,
                                                         std::int32_t partitions,
                                                         bool newest_only,
                                                         const read_limit& limit) {
  place_list places;
  for (std::int32_t place = 0; place < partitions; ++place)
    places.emplace(ports::partition_id{topic, place}, RD_KAFKA_OFFSET_BEGINNING);
  record_collection all(newest_only);
  const auto ends = read_to_ends(settings, places, limit,
                                 [&](ports::record record) { all.add(std::move(record)); });
  if (!ends) return ends.failure();
  return all.finish();
}

} // namespace busbar::adapters::kafka
