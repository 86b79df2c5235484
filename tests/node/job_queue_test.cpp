#include "node/job_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <numeric>
#include <thread>
#include <vector>

namespace busbar::node {

namespace {

using namespace std::chrono_literals;
using queue = job_queue<int>;

constexpr int last_job = -1;

/// They take jobs until `last_job` comes to each, and add them up. Joined at destruction.
struct workers {
  workers(queue& jobs, std::atomic<long>& sum, std::size_t count) : seats(count) {
    for (auto& seat : seats)
      threads.emplace_back([&] {
        for (int job = jobs.take(seat); job != last_job; job = jobs.take(seat)) sum += job;
        jobs.leave(seat);
      });
  }
  std::deque<queue::seat> seats;
  std::vector<std::jthread> threads;
};

/// Waits until that many are awake; false after ten seconds.
bool are_awake(const queue& jobs, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (jobs.awake() != count) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace

TEST(job_queue, hands_out_jobs_in_the_order_in_which_they_came) {
  queue jobs{1};
  queue::seat seat;
  for (int job = 1; job <= 3; ++job) jobs.put(job);
  for (int job = 1; job <= 3; ++job) EXPECT_EQ(jobs.take(seat), job);
}

TEST(job_queue, calls_a_sleeping_worker_only_for_more_than_those_awake_can_do) {
  queue jobs{2, 1h};
  queue::seat asleep_seat;
  std::atomic<int> taken = 0;
  std::jthread asleep{[&] { taken = jobs.take(asleep_seat); }};
  ASSERT_TRUE(are_awake(jobs, 1)); // the other one is this thread
  for (int job = 1; job <= 8; ++job) jobs.put(job);
  EXPECT_EQ(jobs.awake(), 1u);
  jobs.put(9);
  EXPECT_EQ(jobs.awake(), 2u);
  asleep.join();
  EXPECT_EQ(taken, 1);
}

TEST(job_queue, calls_somebody_when_all_are_asleep) {
  queue jobs{2, 1h};
  std::atomic<long> sum = 0;
  workers asleep{jobs, sum, 2};
  for (int job = 1; job <= 100; ++job) {
    ASSERT_TRUE(are_awake(jobs, 0));
    jobs.put(job);
  }
  for (int i = 0; i < 2; ++i) {
    jobs.put(last_job);
    ASSERT_TRUE(are_awake(jobs, 0));
  }
  asleep.threads.clear();
  EXPECT_EQ(sum, 5'050);
}

TEST(job_queue, a_job_does_not_wait_for_a_busy_worker_while_another_sleeps) {
  queue jobs{2};
  queue::seat seat;
  std::atomic<int> taken = 0;
  std::jthread asleep{[&] { taken = jobs.take(seat); }};
  ASSERT_TRUE(are_awake(jobs, 1));
  jobs.put(7); // below the backlog, and this thread, which is awake, never takes it
  asleep.join();
  EXPECT_EQ(taken, 7);
}

TEST(job_queue, a_worker_that_leaves_wakes_another_for_what_is_left) {
  queue jobs{3};
  std::atomic<long> sum = 0;
  workers asleep{jobs, sum, 2};
  ASSERT_TRUE(are_awake(jobs, 1));
  jobs.put(5);
  jobs.put(last_job);
  queue::seat seat;
  jobs.leave(seat);
  jobs.put(last_job);
  asleep.threads.clear();
  EXPECT_EQ(sum, 5);
  EXPECT_EQ(jobs.awake(), 0u);
}

TEST(job_queue, a_worker_takes_its_own_jobs_first_and_the_newest_of_them) {
  queue jobs{1};
  queue::seat seat;
  std::jthread{[&] { jobs.put(1); }}.join();
  EXPECT_EQ(jobs.take(seat), 1); // from now on this thread is its worker
  std::jthread{[&] { jobs.put(2); }}.join();
  jobs.put(3);
  jobs.put(4);
  jobs.put_last(5);
  for (const int job : {4, 3, 2, 5}) EXPECT_EQ(jobs.take(seat), job);
}

TEST(job_queue, a_worker_that_goes_on_making_jobs_does_the_others_too) {
  queue jobs{1};
  queue::seat seat;
  jobs.put(0);
  ASSERT_EQ(jobs.take(seat), 0);
  std::jthread{[&] { jobs.put(7); }}.join();
  std::size_t own = 0;
  for (jobs.put(1); jobs.take(seat) != 7; jobs.put(1)) ++own;
  EXPECT_EQ(own, queue::own_in_a_row);
}

TEST(job_queue, newer_own_jobs_do_not_keep_an_older_one_waiting_for_ever) {
  queue jobs{1};
  queue::seat seat;
  jobs.put(0);
  ASSERT_EQ(jobs.take(seat), 0);
  jobs.put(7);
  std::size_t newer = 0;
  for (jobs.put(1); newer < 10'000 && jobs.take(seat) != 7; jobs.put(1)) ++newer;
  EXPECT_EQ(newer, queue::own_in_a_row);
}

TEST(job_queue, a_worker_keeps_few_jobs_for_itself) {
  queue jobs{1};
  queue::seat seat;
  jobs.put(0);
  ASSERT_EQ(jobs.take(seat), 0);
  const int count = queue::own_max + 2;
  for (int job = 1; job <= count; ++job) jobs.put(job);
  for (int job = count; job > 2; --job) EXPECT_EQ(jobs.take(seat), job);
  // The two oldest went behind what had come before.
  EXPECT_EQ(jobs.take(seat), 1);
  EXPECT_EQ(jobs.take(seat), 2);
}

TEST(job_queue, an_idle_worker_takes_the_oldest_of_a_busy_ones_own) {
  queue jobs{2};
  queue::seat seat;
  jobs.put(0);
  ASSERT_EQ(jobs.take(seat), 0);
  jobs.put(1);
  jobs.put(2);
  std::jthread{[&] {
    queue::seat other;
    EXPECT_EQ(jobs.take(other), 1);
    jobs.leave(other);
  }}.join();
  EXPECT_EQ(jobs.take(seat), 2);
}

TEST(job_queue, who_leaves_leaves_its_own_jobs_to_the_others) {
  queue jobs{2};
  std::jthread{[&] {
    queue::seat seat;
    jobs.put(0);
    EXPECT_EQ(jobs.take(seat), 0);
    jobs.put(1);
    jobs.leave(seat);
  }}.join();
  queue::seat seat;
  EXPECT_EQ(jobs.take(seat), 1);
}

TEST(job_queue, loses_no_job_and_hands_out_none_twice) {
  constexpr int producers = 3;
  constexpr int each = 20'000;
  queue jobs{3};
  std::atomic<long> sum = 0;
  {
    const workers all{jobs, sum, 3};
    {
      std::vector<std::jthread> sources;
      for (int i = 0; i < producers; ++i)
        sources.emplace_back([&] {
          for (int job = 1; job <= each; ++job) {
            jobs.put(job);
            if (job % 97 == 0) std::this_thread::yield(); // lets workers fall asleep
          }
        });
    }
    for (int i = 0; i < 3; ++i) jobs.put(last_job);
  }
  EXPECT_EQ(sum, 3L * each * (each + 1) / 2);
  EXPECT_TRUE(jobs.take_all().empty());
}

} // namespace busbar::node
