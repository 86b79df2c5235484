#pragma once
// What an engine node, a fleet or a gateway puts into the log. What the log does not take right now
// is kept, in order, and tried again; records that a newer one replaces are dropped beyond a bound.
// Thread-safe.

#include "ports/event_log.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace busbar::node {

class publisher {
public:
  /// Records kept while the log is full or the place in doubt; more are refused with errc::full.
  static constexpr std::size_t kept_max = 200'000;
  /// Of records that a newer one replaces: more are dropped and counted.
  static constexpr std::size_t replaceable_max = 20'000;

  /// Called with the size of each record that was tried, and what the log answered; may be empty.
  using observer = std::function<void(std::size_t, const domain::result<void>&)>;

  explicit publisher(std::unique_ptr<ports::log_producer> producer, observer observed = {})
      : producer_(std::move(producer)), observed_(std::move(observed)) {}

  /// Now, or refused as the log refuses.
  domain::result<void> publish(const char* topic, const std::string& key,
                               ports::shared_bytes bytes, ports::acknowledgement then = {});
  /// Now, or behind what is kept: records stay in order. `then` is called also where what was kept
  /// is refused or dropped.
  domain::result<void> publish_or_keep(const char* topic, const std::string& key,
                                       ports::shared_bytes bytes,
                                       ports::acknowledgement then = {});
  /// The same for a record that a newer one will replace; dropped where many are kept.
  void publish_or_drop(const char* topic, const std::string& key, ports::shared_bytes bytes);
  /// While the place in the group is in doubt (OWN-1) nothing that is kept leaves.
  void hold(bool is_in_doubt) { is_in_doubt_.store(is_in_doubt, std::memory_order_release); }
  [[nodiscard]] bool is_in_doubt() const { return is_in_doubt_.load(std::memory_order_acquire); }
  /// Tries again what is kept.
  void retry();
  /// Waits at most `patience` until everything is in the log.
  domain::result<void> flush(domain::microseconds patience);
  [[nodiscard]] std::size_t kept() const;
  /// Forgets what is kept under `key`: another node speaks for that site.
  void drop_kept(const std::string& key);
  /// Records dropped because many were kept, and records that the log will never take.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] ports::log_producer& producer() { return *producer_; }

private:
  struct kept_record {
    const char* topic;
    std::string key;
    ports::shared_bytes bytes;
    ports::acknowledgement then;
    std::uint64_t number = 0;
  };
  [[nodiscard]] std::optional<kept_record> first_kept();
  void drop_first(std::uint64_t number);

  std::unique_ptr<ports::log_producer> producer_;
  observer observed_;
  /// One retries at a time; nothing else is locked while it publishes, for what is acknowledged
  /// within the call may publish more.
  std::mutex retrying_;
  mutable std::mutex guard_;
  std::deque<kept_record> kept_;
  std::uint64_t kept_count_ = 0;
  std::atomic<bool> is_keeping_{false};
  std::atomic<bool> is_in_doubt_{false};
  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<std::uint64_t> refused_{0};
};

} // namespace busbar::node
