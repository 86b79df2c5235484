#include "apps/shutdown.hpp"

#include "apps/process_lines.hpp"

#include <cstdlib>

namespace busbar::apps {

void end_now(const std::string& what, int exit_code) {
  print_line(domain::severity::critical, "left_behind", "ended without waiting for " + what);
  std::_Exit(exit_code);
}

shutdown_limit::shutdown_limit(int exit_code, std::chrono::milliseconds patience) {
  waits_ = std::thread{[this, exit_code, patience] {
    std::unique_lock lock{guard_};
    if (!done_.wait_for(lock, patience, [this] { return is_done_; }))
      end_now("a shutdown that takes too long", exit_code);
  }};
}

shutdown_limit::~shutdown_limit() {
  {
    const std::lock_guard lock{guard_};
    is_done_ = true;
  }
  done_.notify_one();
  waits_.join();
}

} // namespace busbar::apps
