#pragma once
// The end of a process in bounded time. A handler that never returns cannot be ended by the
// runtime, nor can a client library that waits for a broker for ever: what is still running when
// the time is over is left behind, with a last line and an exit code of its own.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace busbar::apps {

/// Exit code of a process that had to leave something behind that did not end.
constexpr int exit_left_behind = 70;

/// The last line, then the process ends at once: no destructor, no wait.
[[noreturn]] void end_now(const std::string& what, int exit_code = exit_left_behind);

/// Ends the process unless destroyed within `patience`. Made when the shutdown begins.
class shutdown_limit {
public:
  /// `exit_code`: where it has to end the process.
  explicit shutdown_limit(int exit_code = exit_left_behind,
                          std::chrono::milliseconds patience = std::chrono::milliseconds{4'500});
  ~shutdown_limit();
  shutdown_limit(const shutdown_limit&) = delete;
  shutdown_limit& operator=(const shutdown_limit&) = delete;

private:
  std::mutex guard_;
  std::condition_variable done_;
  bool is_done_ = false;
  std::thread waits_;
};

} // namespace busbar::apps
