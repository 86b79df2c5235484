#pragma once
// Jobs of several workers in one queue, in the order in which they came. Wakes as few workers as
// do: waking a thread costs more than most jobs of this engine do.

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::apps {

/// Safe for any number of threads. A job waits while a worker sleeps only if there are at most
/// `backlog_max` for each worker awake, and then no longer than `lookout_every`: of those asleep
/// one looks after that time. Some worker is awake whenever there is a job.
template <class Job>
class job_queue {
public:
  static constexpr std::size_t backlog_max = 8;

  /// A worker's place in the queue; its own for as long as it takes jobs.
  class seat {
  public:
    seat() = default;
    /// CAF makes workers' data by copying: a copy is another worker's, which nobody has called.
    seat(const seat&) {}
    seat& operator=(const seat&) = delete;

  private:
    friend job_queue;
    bool is_called_ = false;
    std::condition_variable wake_;
  };

  /// REQUIRES: `workers` >= 1 and each of them calls `take` until it has `left`.
  explicit job_queue(std::size_t workers,
                     std::chrono::microseconds lookout_every = std::chrono::milliseconds{4})
      : lookout_every_(lookout_every), awake_(workers) {}

  void put(Job job) {
    seat* called = nullptr;
    {
      const std::lock_guard guard{lock_};
      jobs_.push_back(job);
      if (!asleep_.empty() && jobs_.size() > backlog_max * awake_) called = call_newest();
    }
    if (called != nullptr) called->wake_.notify_one();
  }

  /// The oldest job; waits for one.
  [[nodiscard]] Job take(seat& own) {
    std::unique_lock guard{lock_};
    while (jobs_.empty()) sleep(own, guard);
    auto job = jobs_.front();
    jobs_.pop_front();
    return job;
  }

  /// A worker takes no more jobs. What is queued is for the others.
  void leave() {
    seat* called = nullptr;
    {
      const std::lock_guard guard{lock_};
      assert(awake_ > 0);
      --awake_;
      if (!jobs_.empty() && awake_ == 0 && !asleep_.empty()) called = call_newest();
    }
    if (called != nullptr) called->wake_.notify_one();
  }

  /// What is left when no worker takes any more, oldest first.
  [[nodiscard]] std::deque<Job> take_all() {
    const std::lock_guard guard{lock_};
    return std::exchange(jobs_, {});
  }

  [[nodiscard]] std::size_t awake() const {
    const std::lock_guard guard{lock_};
    return awake_;
  }

private:
  /// The one that fell asleep last has the warmest caches; the one at the bottom is the lookout.
  seat* call_newest() {
    auto* called = asleep_.back();
    asleep_.pop_back();
    called->is_called_ = true;
    ++awake_;
    return called;
  }

  void sleep(seat& own, std::unique_lock<std::mutex>& guard) {
    own.is_called_ = false;
    asleep_.push_back(&own);
    --awake_;
    while (!own.is_called_) {
      if (asleep_.front() != &own) own.wake_.wait(guard);
      else if (look_out(own, guard)) return;
    }
  }

  /// True where `own` has got up because jobs were waiting.
  bool look_out(seat& own, std::unique_lock<std::mutex>& guard) {
    own.wake_.wait_for(guard, lookout_every_);
    if (own.is_called_ || jobs_.empty()) return false;
    asleep_.erase(asleep_.begin());
    ++awake_;
    if (!asleep_.empty()) asleep_.front()->wake_.notify_one();
    return true;
  }

  const std::chrono::microseconds lookout_every_;
  mutable std::mutex lock_;
  std::deque<Job> jobs_;
  /// In the order in which they fell asleep.
  std::vector<seat*> asleep_;
  /// Awake or called, and not left.
  std::size_t awake_;
};

} // namespace busbar::apps
