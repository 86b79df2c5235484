#pragma once
// Jobs of several workers. What a worker puts while it does a job it takes itself next, the newest
// first: that is about the memory it has just read (a site, its feeders, their stations), and
// fetching that anew costs more than most jobs of this engine do. All else is taken in the order in
// which it came. Wakes as few workers as do: waking a thread costs more than most jobs do, too.

#include <algorithm>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::node {

/// Safe for any number of threads. A job waits while a worker sleeps only if there are at most
/// `backlog_max` for each worker awake, and then no longer than `lookout_every`: of those asleep
/// one looks after that time. Some worker is awake whenever there is a job. A worker keeps at most
/// `own_max` for itself and leaves what is older to all workers; after `own_in_a_row` of its own it
/// lines its oldest up with all others and takes the first of them, so that no job waits for ever.
/// A worker that has nothing else to do takes from others' own.
template <class Job>
class job_queue {
public:
  static constexpr std::size_t backlog_max = 8;
  static constexpr std::size_t own_max = 32;
  static constexpr std::size_t own_in_a_row = 64;

  /// A worker's place in the queue; its own for as long as it takes jobs. Outlives the last call of
  /// any thread: its caller may still be about to wake it when it has left.
  class seat {
  public:
    seat() = default;
    /// CAF makes workers' data by copying: a copy is another worker's, which has not been called.
    seat(const seat&) {}
    seat& operator=(const seat&) = delete;
    ~seat() {
      if (seat_here_ == this) seat_here_ = nullptr;
    }

  private:
    friend job_queue;
    job_queue* queue_ = nullptr;
    std::vector<Job> own_;
    std::size_t taken_of_own_ = 0;
    bool is_called_ = false;
    std::condition_variable wake_;
  };

  /// REQUIRES: `workers` >= 1 and each of them calls `take` until it has `left`.
  explicit job_queue(std::size_t workers,
                     std::chrono::microseconds lookout_every = std::chrono::milliseconds{4})
      : lookout_every_(lookout_every), awake_(workers) {}

  /// From a worker's thread: its own job. From any other: behind all others.
  void put(Job job) {
    wake(put_and_call(job, seat_here_ != nullptr && seat_here_->queue_ == this));
  }

  /// Behind all others.
  void put_last(Job job) { wake(put_and_call(job, false)); }

  /// The next job for this thread's worker; waits for one.
  [[nodiscard]] Job take(seat& own) {
    std::unique_lock guard{lock_};
    if (own.queue_ == nullptr) sit_down(own);
    while (waiting_ == 0) sleep(own, guard);
    --waiting_;
    if (!own.own_.empty() && own.taken_of_own_ < own_in_a_row) {
      ++own.taken_of_own_;
      const auto job = own.own_.back();
      own.own_.pop_back();
      return job;
    }
    own.taken_of_own_ = 0;
    // The oldest of its own lines up with all others, or newer ones might keep it waiting for ever.
    if (!own.own_.empty()) jobs_.push_back(pop_front(own.own_));
    return jobs_.empty() ? oldest_of_others() : pop_front(jobs_);
  }

  /// A worker takes no more jobs; from its thread. What is queued is for the others.
  void leave(seat& own) {
    seat* called = nullptr;
    {
      const std::lock_guard guard{lock_};
      assert(awake_ > 0);
      --awake_;
      jobs_.insert(jobs_.end(), own.own_.begin(), own.own_.end());
      own.own_.clear();
      std::erase(seats_, &own);
      if (seat_here_ == &own) seat_here_ = nullptr;
      if (waiting_ > 0 && awake_ == 0 && !asleep_.empty()) called = call_newest();
    }
    wake(called);
  }

  /// What is left when no worker takes any more, oldest first.
  [[nodiscard]] std::deque<Job> take_all() {
    const std::lock_guard guard{lock_};
    waiting_ = 0;
    return std::exchange(jobs_, {});
  }

  [[nodiscard]] std::size_t awake() const {
    const std::lock_guard guard{lock_};
    return awake_;
  }

private:
  static void wake(seat* called) {
    if (called != nullptr) called->wake_.notify_one();
  }

  template <class Jobs> static Job pop_front(Jobs& jobs) {
    const auto job = jobs.front();
    jobs.erase(jobs.begin());
    return job;
  }

  void sit_down(seat& own) {
    own.queue_ = this;
    own.own_.reserve(own_max + 1);
    seats_.push_back(&own);
    seat_here_ = &own;
  }

  [[nodiscard]] seat* put_and_call(Job job, bool is_own) {
    const std::lock_guard guard{lock_};
    ++waiting_;
    if (is_own) {
      auto& own = seat_here_->own_;
      own.push_back(job);
      if (own.size() > own_max) jobs_.push_back(pop_front(own));
    } else {
      jobs_.push_back(job);
    }
    const bool is_called = !asleep_.empty() && waiting_ > backlog_max * awake_;
    return is_called ? call_newest() : nullptr;
  }

  /// REQUIRES: a worker has one.
  [[nodiscard]] Job oldest_of_others() {
    const auto has_some = [](const seat* other) { return !other->own_.empty(); };
    const auto found = std::find_if(seats_.begin(), seats_.end(), has_some);
    assert(found != seats_.end());
    return pop_front((*found)->own_);
  }

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
    if (own.is_called_ || waiting_ == 0) return false;
    asleep_.erase(asleep_.begin());
    ++awake_;
    if (!asleep_.empty()) asleep_.front()->wake_.notify_one();
    return true;
  }

  const std::chrono::microseconds lookout_every_;
  /// Of the worker whose thread this is.
  static inline thread_local seat* seat_here_ = nullptr;

  mutable std::mutex lock_;
  std::deque<Job> jobs_;
  std::vector<seat*> seats_;
  /// In `jobs_` and in all seats' own.
  std::size_t waiting_ = 0;
  /// In the order in which they fell asleep.
  std::vector<seat*> asleep_;
  /// Awake or called, and not left.
  std::size_t awake_;
};

} // namespace busbar::node
