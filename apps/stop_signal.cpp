#include "apps/stop_signal.hpp"

#include <csignal>
#include <ctime>

namespace busbar::apps {

namespace {

sigset_t signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

} // namespace

stop_signal::stop_signal() : is_blocking_(true) {
  const auto set = signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

stop_signal::~stop_signal() { release(); }

void stop_signal::release() {
  if (!is_blocking_) return;
  is_blocking_ = false;
  const auto set = signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool stop_signal::wait_for(std::chrono::microseconds patience) {
  const auto set = signals();
  const timespec time{static_cast<time_t>(patience.count() / 1'000'000),
                      static_cast<long>(patience.count() % 1'000'000 * 1'000)};
  if (sigtimedwait(&set, nullptr, &time) < 0) return false;
  release();
  return true;
}

void stop_signal::wait() {
  while (!wait_for(std::chrono::hours{1})) {
  }
}

} // namespace busbar::apps
