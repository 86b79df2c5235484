// A start that waits for its log can be asked to stop all the while.

#include "apps/start.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace busbar::apps {

namespace {

using std::chrono::steady_clock;

/// Pending for this thread, which is the one that waits for it.
void ask_to_stop() { ::raise(SIGTERM); }

domain::error no_log() { return {domain::errc::unavailable, "the log does not answer"}; }

} // namespace

TEST(start, hands_over_what_the_start_returns) {
  stop_signal stop;
  const auto give_up = [] { FAIL() << "it was not asked to stop"; };
  EXPECT_TRUE(start_unless_stopped(stop, [] { return domain::result<void>{}; }, give_up));
  const auto failed =
      start_unless_stopped(stop, []() -> domain::result<void> { return no_log(); }, give_up);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure().message, "the log does not answer");
}

TEST(start, that_still_waits_is_given_up_within_a_second_of_the_signal) {
  stop_signal stop;
  std::atomic<bool> is_given_up{false};
  ask_to_stop();
  const auto began = steady_clock::now();
  const auto started = start_unless_stopped(
      stop,
      [&]() -> domain::result<void> {
        while (!is_given_up) std::this_thread::yield();
        return no_log();
      },
      [&] {
        EXPECT_GE(steady_clock::now() - began, start_ends_within);
        EXPECT_LT(steady_clock::now() - began, start_ends_within + tests::slack());
        is_given_up = true;
      });
  EXPECT_FALSE(started);
  EXPECT_TRUE(is_given_up);
}

TEST(start, that_comes_to_its_end_is_stopped_in_order_also_when_asked_before) {
  stop_signal stop;
  ask_to_stop();
  const auto started = start_unless_stopped(
      stop, [] { return domain::result<void>{}; }, [] { FAIL() << "it was over in time"; });
  EXPECT_TRUE(started);
  ASSERT_TRUE(stop.wait_for(std::chrono::microseconds{0})) << "the signal is lost";
  stop.wait();
}

TEST(start, that_ends_by_itself_ends_with_its_own_code_when_asked_to_stop_meanwhile) {
  {
    stop_signal stop;
    ask_to_stop();
  }
  // Still alive: the signal, which ends a process, was taken.
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGTERM), 0);
}

TEST(start, a_reload_that_is_asked_for_while_it_starts_is_made_when_it_runs) {
  stop_signal stop{stop_signal::hang_up::reloads};
  ::raise(SIGHUP);
  EXPECT_FALSE(stop.wait_for(std::chrono::microseconds{0}));
  ask_to_stop();
  int reloads = 0;
  stop.wait([&] { ++reloads; });
  EXPECT_EQ(reloads, 1);
}

} // namespace busbar::apps
