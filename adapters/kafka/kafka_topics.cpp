#include "adapters/kafka/kafka_topics.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>

namespace busbar::adapters::kafka {

namespace {

using metadata_pointer =
    std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)>;
using new_topic_pointer =
    std::unique_ptr<rd_kafka_NewTopic_t, decltype(&rd_kafka_NewTopic_destroy)>;
using queue_pointer = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using options_pointer =
    std::unique_ptr<rd_kafka_AdminOptions_t, decltype(&rd_kafka_AdminOptions_destroy)>;
using event_pointer = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

/// A batch's headers and an incompressible record's lz4 framing, on top of the record.
constexpr std::size_t framing_bytes = 65'536;
/// In answer time-outs: a broker that has just started may be slow, or stand still.
constexpr int creation_patience = 12;

/// What one attempt to create one topic ended with.
struct create_outcome {
  std::string topic;
  broker_answer answer = broker_answer::failed;
  std::string text;
};

cluster_topics usable_topics(const rd_kafka_metadata_t& metadata) {
  cluster_topics usable;
  for (int place = 0; place < metadata.topic_cnt; ++place) {
    const auto& topic = metadata.topics[place];
    const auto* first = topic.partitions;
    const bool has_leaders = std::all_of(first, first + topic.partition_cnt,
                                         [](const auto& each) { return each.leader >= 0; });
    if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0 && has_leaders)
      usable[topic.topic] = topic.partition_cnt;
  }
  return usable;
}

properties configuration_of(const ports::topic_settings& topic) {
  using std::chrono::milliseconds;
  properties all{{"max.message.bytes", std::to_string(topic.record_bytes_max + framing_bytes)}};
  if (topic.is_compacted) {
    // Old values go soon, so that a node that takes over has little to read.
    all.insert(all.end(), {{"cleanup.policy", "compact"},
                           {"min.cleanable.dirty.ratio", "0.1"},
                           {"segment.bytes", "67108864"},
                           {"segment.ms", "600000"}});
    return all;
  }
  all.emplace_back("cleanup.policy", "delete");
  all.emplace_back("retention.ms",
                   topic.retention ? std::to_string(milliseconds{*topic.retention}.count()) : "-1");
  return all;
}

std::string description_of(const ports::topic_settings& topic, const kafka_settings& settings) {
  std::string text = std::to_string(topic.partitions) + " partitions, replication " +
                     std::to_string(settings.replication);
  for (const auto& [name, value] : configuration_of(topic)) text += ", " + name + "=" + value;
  return text;
}

new_topic_pointer new_topic(const ports::topic_settings& topic, const kafka_settings& settings) {
  std::array<char, 512> reason{};
  new_topic_pointer made(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                               settings.replication, reason.data(), reason.size()),
                         rd_kafka_NewTopic_destroy);
  if (made == nullptr) return made;
  for (const auto& [name, value] : configuration_of(topic))
    rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
  return made;
}

std::vector<create_outcome> outcomes_of(const rd_kafka_event_t& event) {
  std::size_t count = 0;
  const auto* result = rd_kafka_event_CreateTopics_result(const_cast<rd_kafka_event_t*>(&event));
  if (result == nullptr) return {};
  const rd_kafka_topic_result_t** topics = rd_kafka_CreateTopics_result_topics(result, &count);
  std::vector<create_outcome> outcomes;
  for (std::size_t place = 0; place < count; ++place) {
    const char* text = rd_kafka_topic_result_error_string(topics[place]);
    outcomes.push_back({rd_kafka_topic_result_name(topics[place]),
                        answer_of(rd_kafka_topic_result_error(topics[place])),
                        text == nullptr ? "" : text});
  }
  return outcomes;
}

/// One request to the cluster's controller. The whole request may fail before any topic's turn.
domain::result<std::vector<create_outcome>>
create(rd_kafka_t* client, const client_reports& reports,
       std::vector<rd_kafka_NewTopic_t*>& topics, domain::microseconds patience) {
  const int wait_ms = milliseconds_of(patience);
  std::array<char, 512> reason{};
  options_pointer options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS),
                          rd_kafka_AdminOptions_destroy);
  rd_kafka_AdminOptions_set_request_timeout(options.get(), wait_ms, reason.data(), reason.size());
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), wait_ms, reason.data(),
                                              reason.size());
  queue_pointer queue(rd_kafka_queue_new(client), rd_kafka_queue_destroy);
  rd_kafka_CreateTopics(client, topics.data(), topics.size(), options.get(), queue.get());
  // The request's own timeout answers first; the second on top only guards against none at all.
  event_pointer event(rd_kafka_queue_poll(queue.get(), wait_ms + 1'000), rd_kafka_event_destroy);
  const auto code = event == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT
                                     : rd_kafka_event_error(event.get());
  auto failure = error_of(code, "kafka: creating topics", reports);
  // A broker that has just started, or stands still, may have made them all the same.
  if (after_create(answer_of(code)) == next_step::try_again) failure.code = domain::errc::timeout;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failure;
  return outcomes_of(*event);
}

domain::error refused(const ports::topic_settings& topic, const create_outcome& outcome,
                      const kafka_settings& settings) {
  return {refusal_of(outcome.answer), "kafka: topic '" + topic.name +
                                          "' is missing and was refused with " +
                                          description_of(topic, settings) + ": " + outcome.text +
                                          " (" + advice_for(outcome.answer) + ")"};
}

/// True: done. False: ask again.
domain::result<bool> try_create(rd_kafka_t* client, const client_reports& reports,
                                const std::vector<ports::topic_settings>& missing,
                                const kafka_settings& settings) {
  std::vector<new_topic_pointer> owned;
  std::vector<rd_kafka_NewTopic_t*> asked;
  for (const auto& topic : missing) {
    owned.push_back(new_topic(topic, settings));
    if (owned.back() == nullptr)
      return domain::error{domain::errc::out_of_range,
                           "kafka: topic '" + topic.name + "' cannot be asked for with " +
                               description_of(topic, settings)};
    asked.push_back(owned.back().get());
  }
  auto outcomes = create(client, reports, asked, settings.answer_timeout);
  if (!outcomes) return outcomes.failure();
  bool is_done = true;
  for (const auto& outcome : outcomes.value()) {
    const next_step next = after_create(outcome.answer);
    const auto topic = std::find_if(missing.begin(), missing.end(), [&](const auto& each) {
      return each.name == outcome.topic;
    });
    if (next == next_step::give_up) return refused(*topic, outcome, settings);
    is_done = is_done && next == next_step::go_on;
  }
  return is_done;
}

} // namespace

domain::result<cluster_topics> list_topics(rd_kafka_s* client, const client_reports& reports,
                                           domain::microseconds patience) {
  const rd_kafka_metadata_t* metadata = nullptr;
  const auto code = rd_kafka_metadata(client, 1, nullptr, &metadata, milliseconds_of(patience));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    // The reason waits among the client's events.
    rd_kafka_poll(client, 0);
    return error_of(code, "kafka: asking for topics", reports);
  }
  const metadata_pointer owned(metadata, rd_kafka_metadata_destroy);
  return usable_topics(*metadata);
}

domain::result<std::optional<std::int32_t>> find_topic(rd_kafka_s* client,
                                                       const client_reports& reports,
                                                       const std::string& topic,
                                                       domain::microseconds patience) {
  auto topics = list_topics(client, reports, patience);
  if (!topics) return topics.failure();
  const auto found = topics.value().find(topic);
  if (found == topics.value().end()) return std::optional<std::int32_t>{};
  return std::optional<std::int32_t>{found->second};
}

domain::result<void> make_missing_topics(rd_kafka_s* client, const client_reports& reports,
                                         const std::vector<ports::topic_settings>& topics,
                                         const kafka_settings& settings) {
  const auto deadline =
      std::chrono::steady_clock::now() + settings.answer_timeout * creation_patience;
  std::optional<domain::error> unanswered;
  do {
    auto present = list_topics(client, reports, settings.answer_timeout);
    if (!present) return present.failure();
    std::vector<ports::topic_settings> missing;
    for (const auto& topic : topics)
      if (!present.value().contains(topic.name)) missing.push_back(topic);
    if (missing.empty()) return {};
    auto created = try_create(client, reports, missing, settings);
    if (!created && created.failure().code != domain::errc::timeout) return created.failure();
    unanswered = created ? std::nullopt : std::optional{created.failure()};
    // Leaders are elected in a moment; librdkafka has its own events to serve meanwhile.
    rd_kafka_poll(client, 50);
  } while (std::chrono::steady_clock::now() < deadline);
  if (unanswered) return *unanswered;
  return domain::error{domain::errc::timeout, "kafka: the topics were asked for, but not all of "
                                              "them have leaders yet"};
}

} // namespace busbar::adapters::kafka
