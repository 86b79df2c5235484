#pragma once
// One librdkafka client: made from properties, closed when it goes, with what it reports.

#include "adapters/kafka/kafka_decisions.hpp"
#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;
struct rd_kafka_conf_s;

namespace busbar::adapters::kafka {

using properties = std::vector<std::pair<std::string, std::string>>;

/// What librdkafka reports, on whichever thread. Thread-safe; outlives the client.
class client_reports {
public:
  /// An empty `what` keeps the last error's text.
  void count_error(const std::string& what, bool is_fatal);
  void take_statistics(const std::string& json);
  /// "errors_total", "fatal_errors_total", and what the last statistics said.
  void add_to(ports::log_statistics& all) const;
  /// For people; empty when there was none.
  [[nodiscard]] std::string last_error() const;

private:
  std::atomic<std::uint64_t> errors_{0};
  std::atomic<std::uint64_t> fatal_errors_{0};
  mutable std::mutex mutex_;
  std::string last_error_;
  ports::log_statistics reported_;
};

enum class client_kind : std::uint8_t { producer, consumer };

/// librdkafka ends a client only after its last commit has been answered, which takes 45 s to 60 s
/// where a broker does not answer. The end is waited for this long; then it goes on by itself.
constexpr std::chrono::milliseconds end_patience{300};
/// Of this process, clients whose end goes on by itself: no further one is made for a look at the
/// name while there are so many.
constexpr int clients_ending_max = 8;
[[nodiscard]] int clients_ending();

/// Ends a client without a farewell to its group, in `end_patience` at most. No callback runs.
struct client_closer {
  void operator()(rd_kafka_s* client) const;
};
using client_pointer = std::unique_ptr<rd_kafka_s, client_closer>;

/// What librdkafka hands to every callback. Outlives the client.
struct callback_target {
  client_reports reports;
  /// Whose callbacks these are (producer or consumer); may be null.
  void* owner = nullptr;
};

/// Errors and statistics go to `target.reports`.
class client_configuration {
public:
  explicit client_configuration(callback_target& target);
  ~client_configuration();
  client_configuration(const client_configuration&) = delete;
  client_configuration& operator=(const client_configuration&) = delete;

  /// errc::out_of_range: librdkafka refuses one of them.
  domain::result<void> set(const properties& all);
  /// For further callbacks.
  [[nodiscard]] rd_kafka_conf_s* raw() { return conf_; }
  /// Uses the configuration up.
  domain::result<client_pointer> make(client_kind kind);

private:
  rd_kafka_conf_s* conf_;
};

/// librdkafka aborts the process where a consumer ends after its group has made it the leader and
/// before it has been assigned anything (their #4381, mended in 2.3). So many that have not been
/// assigned are left as they are, with the process; further ones end.
constexpr int clients_left_max = 8;
void end_consumer(client_pointer consumer, bool has_been_assigned);

/// librdkafka's code, and the partitions that come or go.
using rebalance_handler = std::function<void(int, rd_kafka_topic_partition_list_s&)>;

/// Commits, lets go of all partitions and leaves the group, for `patience` at most. Callbacks and
/// `on_rebalance` run on the caller's thread.
void say_farewell(rd_kafka_s* consumer, std::chrono::milliseconds patience,
                  const rebalance_handler& on_rebalance);

/// What one of librdkafka's codes means here.
[[nodiscard]] broker_answer answer_of(int code);
/// What else can be the cause of a client's error: librdkafka before 2.6.1 sends a SCRAM nonce that
/// brokers of Kafka 4 refuse (librdkafka #4895). Empty for any other error.
[[nodiscard]] std::string remedy_of(std::string_view last_error, int library_version);
/// errc::... with librdkafka's text and, where there is one, the client's last error.
[[nodiscard]] domain::error error_of(int code, const std::string& what,
                                     const client_reports& reports);
/// Rounded up, at least 0, at most an hour.
[[nodiscard]] int milliseconds_of(domain::microseconds patience);

} // namespace busbar::adapters::kafka
