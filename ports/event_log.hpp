#pragma once
// The port to the log: topics with ordered, keyed partitions. Two adapters implement it, Kafka
// (adapters/kafka) and the one inside the process (adapters/embedded); one suite of contract tests
// (tests/adapters/log_contract_test.cpp) holds both to what is said here.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace busbar::ports {

/// Immutable bytes that travel between threads without a copy.
using shared_bytes = std::shared_ptr<const std::vector<std::uint8_t>>;

struct topic_settings {
  std::string name;
  std::int32_t partitions = 12;
  /// Keep the newest record of each key only.
  bool is_compacted = false;
  /// Age after which records may go; absent: kept.
  std::optional<domain::seconds> retention;
  /// Largest record. Records above it are refused with errc::too_large.
  std::size_t record_bytes_max = 1'048'576;
};

struct partition_id {
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const partition_id&) const = default;
};

struct record {
  partition_id place;
  std::int64_t offset = 0;
  /// Empty where the record has none.
  std::string key;
  /// Null: a tombstone. In a compacted topic the key is deleted; but any client can write one to
  /// any topic (`record_decoder.hpp` reads records that may be so).
  shared_bytes value;
  domain::instant written_at{};
};

/// Gauges and counters by name, as the adapter reports them ("queue_depth", "retries_total"...).
using log_statistics = std::map<std::string, double>;

/// Where a record stands once the log has it, or why it never will.
using acknowledged = domain::result<std::pair<partition_id, std::int64_t>>;
using acknowledgement = std::function<void(const acknowledged&)>;

/// Thread-safe.
class log_producer {
public:
  virtual ~log_producer() = default;
  /// Hands a record over. Records of one key keep their order. Returns at once: errc::full when the
  /// bounded queue is full (the caller keeps the record and slows down), errc::too_large,
  /// errc::unknown_reference (no such topic). `then` is called once for a record that was handed
  /// over, when the log has it or has refused it: on a thread of the log, or from within the call,
  /// in the order of each partition. It does not wait, and may publish. Empty: nothing is called.
  virtual domain::result<void> publish(const std::string& topic, const std::string& key,
                                       shared_bytes value, acknowledgement then) = 0;
  domain::result<void> publish(const std::string& topic, const std::string& key,
                               shared_bytes value) {
    return publish(topic, key, std::move(value), {});
  }
  /// Waits until everything handed over is in the log, at most `patience`. errc::timeout otherwise.
  virtual domain::result<void> flush(domain::microseconds patience) = 0;
  [[nodiscard]] virtual log_statistics statistics() const = 0;
};

/// Called on the polling thread, from within `poll`.
struct rebalance_listener {
  std::function<void(const std::vector<partition_id>&)> assigned;
  std::function<void(const std::vector<partition_id>&)> revoked;
};

struct consumer_settings {
  /// Members of one group share the partitions; each partition has one member at a time.
  std::string group;
  /// Static membership: the same name comes back to the same partitions.
  std::string member;
  std::vector<std::string> topics;
  /// Read along with the first of `topics`, which is then the only one: the member that is given a
  /// partition of it reads the same partition of each of these. They have as many partitions.
  std::vector<std::string> alongside;
  /// Where a group without committed offsets begins. Of `alongside` it may begin earlier: nothing
  /// that is published once the member has its partitions is missed.
  bool from_beginning = false;
  rebalance_listener on_rebalance;
};

/// Used by one thread.
class log_consumer {
public:
  virtual ~log_consumer() = default;
  /// Why this member reads nothing any more, for good: another process has taken its name. Absent
  /// while it reads, or is on its way back to its partitions.
  [[nodiscard]] virtual std::optional<domain::error> ended() const { return std::nullopt; }
  /// False before the group has let this member in, from the moment when it hears that another one
  /// may have its place until it has it again, and once it has ended.
  [[nodiscard]] virtual bool is_in_place() const { return true; }
  /// Up to `records_max` records, in order within each partition; waits at most `patience` for one.
  virtual std::vector<record> poll(std::size_t records_max, domain::microseconds patience) = 0;
  /// Marks everything up to and including `offset` as done.
  virtual domain::result<void> commit(const partition_id& place, std::int64_t offset) = 0;
  /// Back-pressure: a paused partition delivers nothing until resumed and loses nothing.
  virtual void pause(const std::vector<partition_id>& places) = 0;
  virtual void resume(const std::vector<partition_id>& places) = 0;
  [[nodiscard]] virtual std::vector<partition_id> assignment() const = 0;
  [[nodiscard]] virtual log_statistics statistics() const = 0;
  /// Hands all partitions to the group's other members, within the next polls, and is given none
  /// until it is told otherwise. It stays a member of its group, and keeps its name.
  virtual void stand_aside(bool is_aside) = 0;
  /// Hands all partitions to the group's other members now, and reads nothing any more. Waits at
  /// most `patience`; where the group does not answer in it, they are shared out once it misses
  /// this member.
  virtual void leave(domain::microseconds patience) = 0;
};

/// What partitions hold from given places on.
struct read_span {
  /// In order within each partition.
  std::vector<record> records;
  /// Of each partition that was asked for: the offset after its last record.
  std::map<partition_id, std::int64_t> ends;
};

/// Thread-safe.
class event_log {
public:
  virtual ~event_log() = default;
  /// Creates what is missing; leaves what is there. A precise error when not allowed.
  virtual domain::result<void> ensure_topics(const std::vector<topic_settings>& topics) = 0;
  virtual domain::result<std::unique_ptr<log_producer>> producer() = 0;
  virtual domain::result<std::unique_ptr<log_consumer>> consumer(consumer_settings settings) = 0;
  /// How many partitions a topic has. errc::unknown_reference, errc::unavailable.
  virtual domain::result<std::int32_t> partitions(const std::string& topic) = 0;
  /// Every record of the newest value per key (a compacted topic), or all records, up to now.
  virtual domain::result<std::vector<record>> read_all(const std::string& topic,
                                                       domain::microseconds patience) = 0;
  /// Every record of each partition from the given offset on, up to now; absent: none, only where
  /// the partition ends. What retention has taken is left out.
  virtual domain::result<read_span>
  read_from(const std::map<partition_id, std::optional<std::int64_t>>& places,
            domain::microseconds patience) = 0;
  /// The process is to end: reads that wait for the log end soon, and later ones at once, with
  /// errc::unavailable where they would have waited. For good.
  virtual void end_reads() = 0;
  /// Whether the log answers right now, and why not.
  virtual domain::result<void> check() = 0;
};

/// `places` of a member's first topic, and the same partitions of the topics read alongside.
[[nodiscard]] std::vector<partition_id> with_alongside(const std::vector<partition_id>& places,
                                                       const consumer_settings& consumer);

/// The partition of a key: the same in both adapters (murmur2 as Kafka's Java client).
[[nodiscard]] std::int32_t partition_of(const std::string& key, std::int32_t partitions);

} // namespace busbar::ports
