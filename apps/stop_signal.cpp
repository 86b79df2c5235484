#include "apps/stop_signal.hpp"

#include <csignal>
#include <ctime>
#include <utility>

namespace busbar::apps {

namespace {

sigset_t signals(stop_signal::hang_up meaning) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (meaning == stop_signal::hang_up::reloads) sigaddset(&set, SIGHUP);
  return set;
}

} // namespace

stop_signal::stop_signal(hang_up meaning) : meaning_(meaning), is_blocking_(true) {
  const auto set = signals(meaning_);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

stop_signal::~stop_signal() {
  // One that came while its owner ended by itself has nothing left to ask for.
  const auto set = signals(meaning_);
  const timespec at_once{};
  while (is_blocking_ && sigtimedwait(&set, nullptr, &at_once) > 0) {}
  release();
}

void stop_signal::release() {
  if (!is_blocking_) return;
  is_blocking_ = false;
  const auto set = signals(meaning_);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool stop_signal::wait_for(std::chrono::microseconds patience) {
  if (is_asked_) return true;
  const auto set = signals(meaning_);
  const timespec time{static_cast<time_t>(patience.count() / 1'000'000),
                      static_cast<long>(patience.count() % 1'000'000 * 1'000)};
  const int taken = sigtimedwait(&set, nullptr, &time);
  has_hung_up_ = has_hung_up_ || taken == SIGHUP;
  if (taken < 0 || taken == SIGHUP) return false;
  is_asked_ = true;
  release();
  return true;
}

void stop_signal::wait(const std::function<void()>& on_hang_up) {
  do {
    if (std::exchange(has_hung_up_, false)) on_hang_up();
  } while (!wait_for(std::chrono::hours{1}));
}

} // namespace busbar::apps
