#pragma once
// Waits for Ctrl-C or SIGTERM, and for SIGHUP where that means to read files again. Made before any
// thread, so that every thread inherits them blocked and only `wait` takes them. A second signal,
// after `wait` has returned, ends the process at once.

#include <chrono>
#include <functional>

namespace busbar::apps {

class stop_signal {
public:
  /// What SIGHUP means: the end, as everywhere, or that files are to be read again (a daemon).
  enum class hang_up { ends, reloads };
  explicit stop_signal(hang_up meaning = hang_up::ends);
  ~stop_signal();
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;

  /// True when asked to stop, also before this call; false when `patience` is over.
  bool wait_for(std::chrono::microseconds patience);
  /// Calls `on_hang_up` for the SIGHUPs that reload, also those before this call, until asked to
  /// stop.
  void wait(const std::function<void()>& on_hang_up = {});

private:
  hang_up meaning_;
  bool is_blocking_ = false;
  bool is_asked_ = false;
  bool has_hung_up_ = false;
  void release();
};

} // namespace busbar::apps
