#include "adapters/kafka/kafka_log.hpp"

#include "adapters/kafka/kafka_consumer.hpp"
#include "adapters/kafka/kafka_producer.hpp"
#include "adapters/kafka/kafka_topics.hpp"
#include "adapters/kafka/record_reader.hpp"
#include "adapters/kafka/topic_directory.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

namespace busbar::adapters::kafka {

namespace {

class kafka_log : public ports::event_log {
public:
  explicit kafka_log(kafka_settings settings)
      : settings_(std::move(settings)), topics_(std::make_shared<topic_directory>()) {}

  domain::result<void> open() {
    client_configuration configuration(target_);
    auto set = configuration.set(with_further({{"bootstrap.servers", settings_.bootstrap},
                                               {"client.id", settings_.client_id},
                                               {"reconnect.backoff.ms", "50"},
                                               {"reconnect.backoff.max.ms", "1000"}},
                                              settings_));
    if (!set) return set;
    auto made = configuration.make(client_kind::producer);
    if (!made) return made.failure();
    client_ = std::move(made.value());
    return {};
  }

  domain::result<void>
  ensure_topics(const std::vector<ports::topic_settings>& topics) override {
    auto made = make_missing_topics(client_.get(), target_.reports, topics, settings_);
    if (!made) return made;
    for (const auto& topic : topics) topics_->add(topic.name, topic.record_bytes_max);
    std::scoped_lock lock(mutex_);
    for (const auto& topic : topics)
      if (topic.is_compacted) compacted_.insert(topic.name);
    return {};
  }

  domain::result<std::unique_ptr<ports::log_producer>> producer() override {
    return make_kafka_producer(settings_, topics_);
  }

  domain::result<std::unique_ptr<ports::log_consumer>>
  consumer(ports::consumer_settings consumer) override {
    return make_kafka_consumer(settings_, std::move(consumer));
  }

  domain::result<std::int32_t> partitions(const std::string& topic) override {
    // A broker that has just started elects leaders one after the other: until then a topic that
    // was found or made before is not usable.
    const auto deadline = std::chrono::steady_clock::now() + settings_.answer_timeout;
    for (;;) {
      auto found = find_topic(client_.get(), target_.reports, topic, settings_.answer_timeout);
      if (!found) return found.failure();
      if (found.value()) return *found.value();
      const bool is_known = topics_->record_bytes_max(topic).has_value();
      if (!is_known || std::chrono::steady_clock::now() >= deadline)
        return domain::error{domain::errc::unknown_reference, "there is no topic '" + topic + "'"};
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
  }

  domain::result<std::vector<ports::record>> read_all(const std::string& topic,
                                                         domain::microseconds patience) override {
    const auto found = partitions(topic);
    if (!found) return found.failure();
    return read_topic(settings_, topic, found.value(), is_compacted(topic),
                      {patience, shall_end_});
  }

  domain::result<ports::read_span>
  read_from(const std::map<ports::partition_id, std::optional<std::int64_t>>& places,
            domain::microseconds patience) override {
    return read_places(settings_, places, {patience, shall_end_});
  }

  void end_reads() override { shall_end_ = true; }

  domain::result<void> check() override {
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto patience =
        std::min<domain::microseconds>(settings_.answer_timeout, std::chrono::seconds{1});
    const auto code =
        rd_kafka_metadata(client_.get(), 0, nullptr, &metadata, milliseconds_of(patience));
    // The client's own events, the reason of a failure among them.
    rd_kafka_poll(client_.get(), 0);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
      return error_of(code, "kafka at " + settings_.bootstrap, target_.reports);
    rd_kafka_metadata_destroy(metadata);
    return {};
  }

private:
  bool is_compacted(const std::string& topic) {
    std::scoped_lock lock(mutex_);
    return compacted_.contains(topic);
  }

  kafka_settings settings_;
  std::shared_ptr<topic_directory> topics_;
  callback_target target_;
  std::mutex mutex_;
  std::set<std::string> compacted_;
  std::atomic<bool> shall_end_{false};
  client_pointer client_;
};

domain::error wrong_address(const std::string& address, const std::string& what) {
  return {domain::errc::malformed,
          "'" + address + "': " + what + "; allowed is kafka://host:port,host:port"};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

domain::result<void> require(bool holds, const std::string& what) {
  if (holds) return {};
  return domain::error{domain::errc::out_of_range, "kafka: " + what};
}

} // namespace

domain::result<std::string> bootstrap_of(const std::string& address) {
  constexpr std::string_view scheme = "kafka://";
  if (!address.starts_with(scheme))
    return wrong_address(address, "it does not begin with kafka://");
  const std::string bootstrap = address.substr(scheme.size());
  std::string_view rest = bootstrap;
  do {
    const std::string_view server = rest.substr(0, rest.find(','));
    const auto colon = server.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
      return wrong_address(address, "'" + std::string(server) + "' is not host:port");
    if (!is_port(server.substr(colon + 1)))
      return wrong_address(address, "the port of '" + std::string(server) +
                                        "' is not a number from 1 to 65535");
    rest.remove_prefix(server.size());
    if (rest == ",") return wrong_address(address, "it ends with a comma");
    if (!rest.empty()) rest.remove_prefix(1);
  } while (!rest.empty());
  return bootstrap;
}

domain::result<void> validate(const kafka_settings& settings) {
  using std::chrono::seconds;
  const auto number = [](auto value) { return std::to_string(value); };
  for (const auto& checked :
       {require(!settings.bootstrap.empty(), "bootstrap is empty, it needs host:port"),
        require(!settings.client_id.empty(), "client_id is empty"),
        require(settings.replication == -1 || settings.replication >= 1,
                "replication is " + number(settings.replication) + ", allowed is -1 or at least 1"),
        require(settings.queue_records_max >= 1 && settings.queue_records_max <= 10'000'000,
                "queue_records_max is " + number(settings.queue_records_max) +
                    ", allowed is 1..10000000"),
        require(settings.queue_bytes_max >= 1'048'576 && settings.queue_bytes_max <= 1'073'741'824,
                "queue_bytes_max is " + number(settings.queue_bytes_max) +
                    ", allowed is 1048576..1073741824"),
        require(settings.fetched_bytes_max >= 1'048'576 &&
                    settings.fetched_bytes_max <= 1'073'741'824,
                "fetched_bytes_max is " + number(settings.fetched_bytes_max) +
                    ", allowed is 1048576..1073741824"),
        require(settings.linger >= seconds{0} && settings.linger <= seconds{1},
                "linger is " + number(settings.linger.count()) + " us, allowed is 0..1000000"),
        require(settings.session_timeout >= seconds{1} && settings.session_timeout <= seconds{300},
                "session_timeout is " + number(settings.session_timeout.count()) +
                    " s, allowed is 1..300"),
        require(settings.answer_timeout > seconds{0} && settings.answer_timeout <= seconds{60},
                "answer_timeout is " + number(settings.answer_timeout.count()) +
                    " us, allowed is 1..60000000")})
    if (!checked) return checked;
  return {};
}

properties with_further(properties own, const kafka_settings& settings) {
  own.insert(own.end(), settings.further.begin(), settings.further.end());
  return own;
}

domain::result<std::shared_ptr<ports::event_log>>
make_kafka_log(const kafka_settings& settings) {
  if (auto valid = validate(settings); !valid) return valid.failure();
  auto log = std::make_shared<kafka_log>(settings);
  if (auto opened = log->open(); !opened) return opened.failure();
  return std::shared_ptr<ports::event_log>(std::move(log));
}

} // namespace busbar::adapters::kafka
