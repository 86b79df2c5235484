#include "adapters/kafka/kafka_client.hpp"

#include "adapters/kafka/kafka_statistics.hpp"
#include "adapters/kafka/property_file.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <semaphore>
#include <thread>

namespace busbar::adapters::kafka {

namespace {

using queue_pointer = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using error_pointer = std::unique_ptr<rd_kafka_error_t, decltype(&rd_kafka_error_destroy)>;
using event_pointer = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;
using std::chrono::steady_clock;

std::atomic<int> ending{0};
std::atomic<int> left{0};

callback_target& target_of(void* opaque) { return *static_cast<callback_target*>(opaque); }

void on_error(rd_kafka_t* client, int code, const char* reason, void* opaque) {
  std::array<char, 512> fatal_reason{};
  const bool is_fatal = code == RD_KAFKA_RESP_ERR__FATAL;
  if (is_fatal) rd_kafka_fatal_error(client, fatal_reason.data(), fatal_reason.size());
  // "All brokers are down" says less than the connection's own error before it.
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) reason = "";
  target_of(opaque).reports.count_error(is_fatal ? fatal_reason.data() : reason, is_fatal);
}

int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
  target_of(opaque).reports.take_statistics(std::string(json, size));
  return 0;
}

/// librdkafka's own lines repeat what the error callback says; nothing is written to stderr.
void on_log(const rd_kafka_t*, int, const char*, const char*) {}

} // namespace

void client_reports::count_error(const std::string& what, bool is_fatal) {
  errors_.fetch_add(1);
  if (is_fatal) fatal_errors_.fetch_add(1);
  std::scoped_lock lock(mutex_);
  if (!what.empty()) last_error_ = what;
}

void client_reports::take_statistics(const std::string& json) {
  auto read = read_statistics(json);
  std::scoped_lock lock(mutex_);
  if (read) reported_ = std::move(read.value());
}

void client_reports::add_to(ports::log_statistics& all) const {
  all["errors_total"] = static_cast<double>(errors_.load());
  all["fatal_errors_total"] = static_cast<double>(fatal_errors_.load());
  std::scoped_lock lock(mutex_);
  all.insert(reported_.begin(), reported_.end());
}

std::string client_reports::last_error() const {
  std::scoped_lock lock(mutex_);
  return last_error_;
}

int clients_ending() { return ending.load(); }

void client_closer::operator()(rd_kafka_s* client) const {
  ending.fetch_add(1);
  const auto ended = std::make_shared<std::binary_semaphore>(0);
  std::thread{[client, ended] {
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    ending.fetch_sub(1);
    ended->release();
  }}.detach();
  static_cast<void>(ended->try_acquire_for(end_patience));
}

void end_consumer(client_pointer consumer, bool has_been_assigned) {
  if (consumer == nullptr || has_been_assigned) return;
  if (left.fetch_add(1) < clients_left_max) static_cast<void>(consumer.release());
}

void say_farewell(rd_kafka_s* consumer, std::chrono::milliseconds patience,
                  const rebalance_handler& on_rebalance) {
  constexpr int serve_ms = 20;
  const auto deadline = steady_clock::now() + patience;
  const queue_pointer events(rd_kafka_queue_new(consumer), rd_kafka_queue_destroy);
  const error_pointer failure(rd_kafka_consumer_close_queue(consumer, events.get()),
                              rd_kafka_error_destroy);
  if (failure != nullptr) return;
  // Records that were fetched come by here as well: they are not committed, and are let go.
  while (rd_kafka_consumer_closed(consumer) == 0 && steady_clock::now() < deadline) {
    const event_pointer event(rd_kafka_queue_poll(events.get(), serve_ms), rd_kafka_event_destroy);
    if (event == nullptr || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE) continue;
    on_rebalance(rd_kafka_event_error(event.get()),
                 *rd_kafka_event_topic_partition_list(event.get()));
  }
}

client_configuration::client_configuration(callback_target& target) : conf_(rd_kafka_conf_new()) {
  rd_kafka_conf_set_opaque(conf_, &target);
  rd_kafka_conf_set_error_cb(conf_, on_error);
  rd_kafka_conf_set_stats_cb(conf_, on_statistics);
  rd_kafka_conf_set_log_cb(conf_, on_log);
}

client_configuration::~client_configuration() {
  if (conf_ != nullptr) rd_kafka_conf_destroy(conf_);
}

domain::result<void> client_configuration::set(const properties& all) {
  std::array<char, 512> reason{};
  for (const auto& [name, value] : all)
    if (rd_kafka_conf_set(conf_, name.c_str(), value.c_str(), reason.data(), reason.size()) !=
        RD_KAFKA_CONF_OK)
      return domain::error{domain::errc::out_of_range,
                           "kafka: " + name + " = '" + (is_secret(name) ? "***" : value) +
                               "': " + reason.data()};
  return {};
}

domain::result<client_pointer> client_configuration::make(client_kind kind) {
  std::array<char, 512> reason{};
  const auto type = kind == client_kind::producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER;
  client_pointer client(rd_kafka_new(type, conf_, reason.data(), reason.size()));
  if (client == nullptr)
    return domain::error{domain::errc::out_of_range, std::string("kafka: ") + reason.data()};
  conf_ = nullptr;
  return client;
}

broker_answer answer_of(int code) {
  switch (code) {
  case RD_KAFKA_RESP_ERR_NO_ERROR: return broker_answer::ok;
  case RD_KAFKA_RESP_ERR__QUEUE_FULL: return broker_answer::queue_full;
  case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: return broker_answer::record_too_large;
  case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
  case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
  case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
  case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: return broker_answer::no_such_topic;
  case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return broker_answer::already_exists;
  case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_POLICY_VIOLATION: return broker_answer::not_allowed;
  case RD_KAFKA_RESP_ERR__TIMED_OUT:
  case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
  case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
  case RD_KAFKA_RESP_ERR__TRANSPORT:
  case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
  case RD_KAFKA_RESP_ERR__RETRY:
  case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
  case RD_KAFKA_RESP_ERR_NOT_CONTROLLER:
  case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
  case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE: return broker_answer::passing;
  case RD_KAFKA_RESP_ERR__FENCED:
  case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID: return broker_answer::fenced;
  default: return broker_answer::failed;
  }
}

std::string remedy_of(std::string_view last_error, int library_version) {
  constexpr int mended_in = 0x020601ff;
  const bool is_refused_scram = last_error.find("SCRAM") != std::string_view::npos &&
                                last_error.find("Authentication failed") != std::string_view::npos;
  if (!is_refused_scram || library_version >= mended_in) return {};
  return std::string{"; where the password is right: librdkafka "} + rd_kafka_version_str() +
         " cannot do SCRAM with brokers of Kafka 4 (mended in 2.6.1): use "
         "sasl.mechanism=PLAIN over TLS, or a client certificate";
}

domain::error error_of(int code, const std::string& what, const client_reports& reports) {
  std::string message = what + ": " + rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code));
  const auto last = reports.last_error();
  if (answer_of(code) == broker_answer::passing && !last.empty())
    message += " (" + last + ")" + remedy_of(last, rd_kafka_version());
  return {refusal_of(answer_of(code)), std::move(message)};
}

int milliseconds_of(domain::microseconds patience) {
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
  return static_cast<int>(std::clamp<std::int64_t>(rounded, 0, 3'600'000));
}

} // namespace busbar::adapters::kafka
