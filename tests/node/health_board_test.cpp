#include "node/health_board.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <stdexcept>

namespace busbar::node {

using namespace std::chrono_literals;

namespace {

domain::health_probe probe_of(const std::string& name,
                              std::function<domain::health_verdict()> ask) {
  domain::health_probe probe;
  probe.name = name;
  probe.is_critical = true;
  probe.every = 1ms;
  probe.ask = std::move(ask);
  return probe;
}

/// Waits until the newest result of the first check is as `wanted`.
bool becomes(const health_board& board,
             const std::function<bool(const ports::health_check&)>& wanted) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < deadline) {
    if (wanted(board.results().at(0))) return true;
    std::this_thread::yield();
  }
  return false;
}

} // namespace

TEST(health_board, shows_what_each_check_found_last_with_its_name_and_weight) {
  health_board board{30s};
  std::atomic<bool> is_well{true};
  ASSERT_TRUE(board.add(probe_of("disk", [&] {
    return domain::health_verdict{is_well, is_well ? "has room" : "is full"};
  })));
  EXPECT_TRUE(becomes(board, [](const auto& check) { return check.message == "has room"; }));
  EXPECT_EQ(board.results()[0].name, "disk");
  EXPECT_TRUE(board.results()[0].is_critical);
  is_well = false;
  EXPECT_TRUE(becomes(board, [](const auto& check) { return !check.is_passing; }));
  EXPECT_EQ(board.results()[0].message, "is full");
  board.stop();
}

TEST(health_board, a_check_that_hangs_is_a_failed_check_and_delays_nobody) {
  const auto is_over = std::make_shared<std::atomic<bool>>(false);
  health_board board{30s};
  auto stuck = probe_of("stuck", [is_over] {
    is_over->wait(false);
    return domain::health_verdict{true, "well"};
  });
  stuck.patience = 20ms;
  ASSERT_TRUE(board.add(stuck));
  std::atomic<int> asked{0};
  ASSERT_TRUE(board.add(probe_of("other", [&] {
    ++asked;
    return domain::health_verdict{true, "well"};
  })));
  EXPECT_TRUE(becomes(board, [](const auto& check) { return !check.is_passing; }));
  EXPECT_EQ(board.results()[0].message, "has not answered yet (it has 20 ms)");
  const int before = asked;
  while (asked < before + 3) std::this_thread::yield();
  EXPECT_TRUE(board.results()[1].is_passing);
  const auto began = std::chrono::steady_clock::now();
  board.stop(); // leaves it to itself
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s + tests::slack());
  *is_over = true;
  is_over->notify_all();
}

TEST(health_board, a_check_that_throws_has_failed_with_what_it_said) {
  health_board board{1ms};
  auto broken = probe_of("broken", []() -> domain::health_verdict {
    throw std::runtime_error("no such file");
  });
  broken.every.reset(); // the board's own period
  ASSERT_TRUE(board.add(std::move(broken)));
  EXPECT_TRUE(becomes(board, [](const auto& check) {
    return !check.is_passing && check.message == "failed: no such file";
  }));
}

TEST(health_board, refuses_a_name_twice_and_periods_that_are_not_above_zero) {
  health_board board{30s};
  const auto well = [] { return domain::health_verdict{true, "well"}; };
  ASSERT_TRUE(board.add(probe_of("disk", well)));
  EXPECT_EQ(board.add(probe_of("disk", well)).failure().message,
            "health check \"disk\": is registered already");
  auto bad = probe_of("other", well);
  bad.every = 0ms;
  EXPECT_EQ(board.add(bad).failure().code, domain::errc::out_of_range);
}

} // namespace busbar::node
