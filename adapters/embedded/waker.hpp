#pragma once
// How a consumer that waits learns that something happened in one of its partitions or its group.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace busbar::adapters::embedded {

/// Thread-safe. `clear`, then look, then `wait_until`: a signal in between is not lost.
class waker {
public:
  void clear() { is_signalled_.store(false); }

  void signal() {
    if (is_signalled_.exchange(true)) return;
    // The empty critical section orders the signal after a waiter's check of the flag.
    { std::scoped_lock lock(mutex_); }
    condition_.notify_one();
  }

  /// False: the deadline passed without a signal.
  bool wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return condition_.wait_until(lock, deadline, [this] { return is_signalled_.load(); });
  }

private:
  std::atomic<bool> is_signalled_{false};
  std::mutex mutex_;
  std::condition_variable condition_;
};

} // namespace busbar::adapters::embedded
