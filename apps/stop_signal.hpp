#pragma once
// Waits for Ctrl-C or SIGTERM. Made before any thread, so that no thread inherits the signals and
// only `wait` takes them. A second signal, after `wait` has returned, ends the process at once.

#include <chrono>

namespace busbar::apps {

class stop_signal {
public:
  stop_signal();
  ~stop_signal();
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  /// True when asked to stop, false when `patience` is over.
  bool wait_for(std::chrono::microseconds patience);
  void wait();

private:
  bool is_blocking_ = false;
  void release();
};

} // namespace busbar::apps
