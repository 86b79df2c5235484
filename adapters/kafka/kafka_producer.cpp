#include "adapters/kafka/kafka_producer.hpp"

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/kafka_topics.hpp"

#include <librdkafka/rdkafka.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace busbar::adapters::kafka {

namespace {

using ports::shared_bytes;

constexpr std::size_t usual_record_bytes_max = 1'048'576;
constexpr std::size_t largest_request_bytes = 8 * 1'048'576;

properties producer_properties(const kafka_settings& settings) {
  return {{"bootstrap.servers", settings.bootstrap},
          {"client.id", settings.client_id},
          {"enable.idempotence", "true"},
          {"acks", "all"},
          {"compression.type", "lz4"},
          // The same partition for a key as the embedded log and Kafka's own clients.
          {"partitioner", "murmur2"},
          {"linger.ms", std::to_string(milliseconds_of(settings.linger))},
          {"queue.buffering.max.messages", std::to_string(settings.queue_records_max)},
          {"queue.buffering.max.kbytes", std::to_string(settings.queue_bytes_max / 1'024)},
          {"message.max.bytes", std::to_string(largest_request_bytes)},
          {"message.timeout.ms", "0"},
          {"reconnect.backoff.ms", "50"},
          {"reconnect.backoff.max.ms", "1000"},
          {"topic.metadata.refresh.interval.ms", "1000"},
          {"statistics.interval.ms", "2000"}};
}

class kafka_producer : public ports::log_producer {
public:
  kafka_producer(kafka_settings settings, std::shared_ptr<topic_directory> topics)
      : settings_(std::move(settings)), topics_(std::move(topics)) {
    target_.owner = this;
  }

  ~kafka_producer() override {
    poller_.request_stop();
    if (poller_.joinable()) poller_.join();
    if (client_ == nullptr) return;
    rd_kafka_flush(client_.get(), 1'000);
    // Delivery reports of what is given up release its bytes.
    rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(client_.get(), 1'000);
  }

  domain::result<void> open() {
    client_configuration configuration(target_);
    rd_kafka_conf_set_dr_msg_cb(configuration.raw(), on_delivery);
    if (auto set = configuration.set(with_further(producer_properties(settings_), settings_));
        !set)
      return set;
    auto made = configuration.make(client_kind::producer);
    if (!made) return made.failure();
    client_ = std::move(made.value());
    for (const auto& name : topics_->names())
      handles_.emplace_back(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr),
                            rd_kafka_topic_destroy);
    poller_ = std::jthread([client = client_.get()](const std::stop_token& stop) {
      find_leaders(client, stop);
      // Gathered: a thread woken for each report costs more than the reports. Sessions and orders
      // wait for theirs.
      constexpr std::chrono::milliseconds gather{2};
      while (!stop.stop_requested()) {
        rd_kafka_poll(client, 100);
        std::this_thread::sleep_for(gather);
      }
    });
    return {};
  }

  domain::result<void> publish(const std::string& topic, const std::string& key,
                               shared_bytes value, ports::acknowledgement then) override {
    const auto largest = record_bytes_max(topic);
    if (!largest) return refuse(largest.failure());
    if (value != nullptr && value->size() > largest.value())
      return refuse({domain::errc::too_large,
                     "a record for " + topic + " has " + std::to_string(value->size()) +
                         " bytes, at most " + std::to_string(largest.value()) + " are allowed"});
    if (const int code = hand_over(topic, key, {std::move(value), std::move(then)}))
      return refuse(error_of(code, "kafka: publishing to " + topic, target_.reports));
    records_.published.fetch_add(1, std::memory_order_relaxed);
    return {};
  }

  domain::result<void> flush(domain::microseconds patience) override {
    const auto lost_before = records_.lost.load();
    if (rd_kafka_flush(client_.get(), milliseconds_of(patience)) != RD_KAFKA_RESP_ERR_NO_ERROR)
      return domain::error{domain::errc::timeout,
                           "kafka: " + std::to_string(rd_kafka_outq_len(client_.get())) +
                               " records are still on their way (" +
                               target_.reports.last_error() + ")"};
    if (const auto lost = records_.lost.load() - lost_before; lost > 0)
      return domain::error{domain::errc::unavailable, "kafka: the cluster refused " +
                                                          std::to_string(lost) + " records: " +
                                                          last_loss()};
    return {};
  }

  ports::log_statistics statistics() const override {
    ports::log_statistics all{
        {"published_total", static_cast<double>(records_.published.load())},
        {"delivered_total", static_cast<double>(records_.delivered.load())},
        {"lost_total", static_cast<double>(records_.lost.load())},
        {"refused_full_total", static_cast<double>(records_.refused_full.load())},
        {"refused_total", static_cast<double>(records_.refused.load())},
        {"queue_depth", static_cast<double>(rd_kafka_outq_len(client_.get()))}};
    target_.reports.add_to(all);
    return all;
  }

private:
  /// Where the partitions of the topics that have a handle are. A client that meets a topic with
  /// its first record looks for them once a second: a node that joins would wait for the fence, the
  /// mark and the claims of its first shards that long each.
  static void find_leaders(rd_kafka_t* client, const std::stop_token& stop) {
    constexpr int patience_ms = 100;
    while (!stop.stop_requested()) {
      const rd_kafka_metadata_t* found = nullptr;
      const auto code = rd_kafka_metadata(client, 0, nullptr, &found, patience_ms);
      rd_kafka_poll(client, 20);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return rd_kafka_metadata_destroy(found);
    }
  }

  /// Asks the cluster the first time that a topic is named.
  domain::result<std::size_t> record_bytes_max(const std::string& topic) {
    if (const auto known = topics_->record_bytes_max(topic)) return *known;
    auto found = find_topic(client_.get(), target_.reports, topic, settings_.answer_timeout);
    if (!found) return found.failure();
    if (!found.value())
      return domain::error{domain::errc::unknown_reference, "there is no topic '" + topic + "'"};
    topics_->add(topic, usual_record_bytes_max);
    return usual_record_bytes_max;
  }

  /// What a delivery report lets go of, and calls.
  struct delivery {
    shared_bytes value;
    ports::acknowledgement then;
  };

  /// librdkafka reads the bytes in place; the delivery report lets go of them.
  int hand_over(const std::string& topic, const std::string& key, delivery of) {
    static const std::uint8_t nothing = 0;
    const void* payload = nullptr;
    std::size_t size = 0;
    if (of.value != nullptr) {
      payload = of.value->empty() ? &nothing : of.value->data();
      size = of.value->size();
    }
    auto held = std::make_unique<delivery>(std::move(of));
    const auto code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(const_cast<void*>(payload), size), RD_KAFKA_V_OPAQUE(held.get()),
        RD_KAFKA_V_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<void>(held.release());
    return code;
  }

  domain::error refuse(domain::error why) {
    auto& count = why.code == domain::errc::full ? records_.refused_full : records_.refused;
    count.fetch_add(1, std::memory_order_relaxed);
    return why;
  }

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    const std::unique_ptr<delivery> of{static_cast<delivery*>(message->_private)};
    auto& self = *static_cast<kafka_producer*>(static_cast<callback_target*>(opaque)->owner);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      self.records_.delivered.fetch_add(1, std::memory_order_relaxed);
      if (of->then)
        of->then(std::pair{ports::partition_id{rd_kafka_topic_name(message->rkt),
                                               message->partition},
                           std::int64_t{message->offset}});
      return;
    }
    self.records_.lost.fetch_add(1);
    const std::string why = rd_kafka_err2str(message->err);
    if (of->then) of->then(domain::error{domain::errc::unavailable, "kafka: " + why});
    std::scoped_lock lock(self.loss_mutex_);
    self.last_loss_ = why;
  }

  std::string last_loss() const {
    std::scoped_lock lock(loss_mutex_);
    return last_loss_;
  }

  kafka_settings settings_;
  std::shared_ptr<topic_directory> topics_;
  callback_target target_;
  /// Records, since it was made.
  struct tallies {
    std::atomic<std::uint64_t> published{0};
    std::atomic<std::uint64_t> delivered{0};
    std::atomic<std::uint64_t> lost{0};
    std::atomic<std::uint64_t> refused_full{0};
    std::atomic<std::uint64_t> refused{0};
  };
  tallies records_;
  mutable std::mutex loss_mutex_;
  std::string last_loss_;
  client_pointer client_;
  using topic_handle = std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)>;
  /// Of the topics that were known at the start.
  std::vector<topic_handle> handles_;
  std::jthread poller_;
};

} // namespace

domain::result<std::unique_ptr<ports::log_producer>>
make_kafka_producer(const kafka_settings& settings, std::shared_ptr<topic_directory> topics) {
  auto producer = std::make_unique<kafka_producer>(settings, std::move(topics));
  if (auto opened = producer->open(); !opened) return opened.failure();
  return std::unique_ptr<ports::log_producer>(std::move(producer));
}

} // namespace busbar::adapters::kafka
