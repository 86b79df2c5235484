#pragma once
// Work that takes its time, on threads of its own, with a bounded number that waits.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace busbar::adapters::access {

struct queue_bounds {
  std::size_t threads = 2;
  std::size_t waiting_max = 32;
};

class work_queue {
public:
  explicit work_queue(queue_bounds bounds) : bounds_(bounds) {
    for (std::size_t i = 0; i < bounds.threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~work_queue() { stop(); }
  work_queue(const work_queue&) = delete;
  work_queue& operator=(const work_queue&) = delete;

  /// False, and nothing done, where so much waits already, or after `stop`.
  [[nodiscard]] bool put(std::function<void()> work) {
    {
      const std::lock_guard lock{guard_};
      if (is_stopping_ || waiting_.size() >= bounds_.waiting_max) return false;
      waiting_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
  }

  /// Ends what has begun; what waits is dropped.
  void stop() {
    {
      const std::lock_guard lock{guard_};
      is_stopping_ = true;
      waiting_.clear();
    }
    wake_.notify_all();
    for (auto& each : threads_)
      if (each.joinable()) each.join();
  }

private:
  void run() {
    for (;;) {
      std::function<void()> next;
      {
        std::unique_lock lock{guard_};
        wake_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
        if (is_stopping_) return;
        next = std::move(waiting_.front());
        waiting_.pop_front();
      }
      next();
    }
  }

  const queue_bounds bounds_;
  std::mutex guard_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace busbar::adapters::access
