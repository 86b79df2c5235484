#pragma once
// Reports to the service manager that started this process, as sd_notify(3) states it: datagrams to
// the socket that NOTIFY_SOCKET names (systemd's Type=notify). Does nothing without one.

#include <chrono>
#include <string>
#include <string_view>

namespace busbar::apps {

class service_manager {
public:
  /// Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  service_manager();
  ~service_manager();
  service_manager(const service_manager&) = delete;
  service_manager& operator=(const service_manager&) = delete;

  [[nodiscard]] bool is_there() const { return socket_ >= 0; }
  /// READY=1: the start is complete.
  void report_ready() const { send("READY=1"); }
  /// STOPPING=1: the end has begun.
  void report_stopping() const { send("STOPPING=1"); }
  /// WATCHDOG=1, four times in the time that the manager waits at most (WatchdogSec); harmless to
  /// call more often. Never blocks. From one thread.
  void report_alive();

private:
  using clock = std::chrono::steady_clock;
  void send(std::string_view state) const;

  std::string path_;
  int socket_ = -1;
  /// Zero: the manager watches nothing.
  std::chrono::microseconds alive_every_{0};
  clock::time_point alive_next_{};
};

} // namespace busbar::apps
