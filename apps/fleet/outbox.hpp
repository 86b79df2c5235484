#pragma once
// What is to be published, in order, kept while the log's queue is full. Bounded: telemetry beyond
// the bound is dropped and counted (a newer reading follows), everything else is kept.

#include "ports/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace busbar::apps {

class outbox {
public:
  explicit outbox(std::unique_ptr<ports::log_producer> producer, std::size_t bound = 20'000)
      : producer_(std::move(producer)), bound_(bound) {}

  /// Takes a record; `is_replaceable`: a newer one will say the same.
  void put(const char* topic, const std::string& key, ports::shared_bytes bytes,
           bool is_replaceable) {
    if (is_replaceable && waiting_.size() >= bound_) {
      ++dropped_;
      return;
    }
    waiting_.push_back({topic, key, std::move(bytes)});
  }

  /// Publishes what the log takes. False when it takes no more for now.
  bool drain() {
    while (!waiting_.empty()) {
      const auto& first = waiting_.front();
      const auto done = producer_->publish(first.topic, first.key, first.bytes);
      if (!done && done.failure().code == domain::errc::full) return false;
      done ? ++published_ : ++refused_;
      waiting_.pop_front();
    }
    return true;
  }

  domain::result<void> flush(domain::microseconds patience) { return producer_->flush(patience); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::uint64_t published() const { return published_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  /// Records that the log will never take (too large, no such topic).
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
  struct waiting_record {
    const char* topic;
    std::string key;
    ports::shared_bytes bytes;
  };

  std::unique_ptr<ports::log_producer> producer_;
  std::size_t bound_;
  std::deque<waiting_record> waiting_;
  std::uint64_t published_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t refused_ = 0;
};

} // namespace busbar::apps
