#pragma once
// What waits for its readers, over all connections of a server: answers and texts of streams, each
// counted once however many read it. Thread-safe.

#include <atomic>
#include <cstddef>

namespace busbar::adapters::http::server {

class unsent_bytes {
public:
  explicit unsent_bytes(std::size_t most) : most_(most) {}

  void take(std::size_t bytes) {
    const auto now = now_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    auto peak = peak_.load(std::memory_order_relaxed);
    while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {}
  }
  void give_back(std::size_t bytes) { now_.fetch_sub(bytes, std::memory_order_relaxed); }

  /// Whether so many more fit.
  [[nodiscard]] bool has_room_for(std::size_t bytes) const {
    const auto now = now_.load(std::memory_order_relaxed);
    return bytes <= most_ && now <= most_ - bytes;
  }
  [[nodiscard]] std::size_t now() const { return now_.load(std::memory_order_relaxed); }

  /// True once after a peak of `worth` or more has gone down to a quarter: what was freed is worth
  /// giving back to the system.
  [[nodiscard]] bool has_fallen(std::size_t worth) {
    const auto peak = peak_.load(std::memory_order_relaxed);
    if (peak < worth || now() > peak / 4) return false;
    peak_.store(now(), std::memory_order_relaxed);
    return true;
  }

private:
  const std::size_t most_;
  std::atomic<std::size_t> now_{0};
  std::atomic<std::size_t> peak_{0};
};

} // namespace busbar::adapters::http::server
