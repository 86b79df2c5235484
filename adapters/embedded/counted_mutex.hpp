#pragma once
// A mutex that counts how often it was taken and how often a thread had to wait for it, so that
// contention shows in figures.

#include <atomic>
#include <cstdint>
#include <mutex>

namespace busbar::adapters::embedded {

/// Shared by all locks of one log.
struct lock_counters {
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> waited{0};
};

/// Works with std::scoped_lock.
class counted_mutex {
public:
  explicit counted_mutex(lock_counters& counters) : counters_(counters) {}
  void lock() {
    counters_.taken.fetch_add(1, std::memory_order_relaxed);
    if (mutex_.try_lock()) return;
    counters_.waited.fetch_add(1, std::memory_order_relaxed);
    mutex_.lock();
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
  lock_counters& counters_;
};

} // namespace busbar::adapters::embedded
