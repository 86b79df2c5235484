#pragma once
// A real Kafka broker for tests: started by deploy/kafka/start.sh on a free port of the loopback
// with a folder of its own, ended by its process id.

#include "tests/builders/scratch_folder.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace busbar::adapters::testing {

class log_broker {
public:
  /// `overrides`: settings of the broker, "key=value".
  explicit log_broker(std::vector<std::string> overrides = {});
  ~log_broker();
  log_broker(const log_broker&) = delete;
  log_broker& operator=(const log_broker&) = delete;

  /// Starts it and waits until it takes requests; empty, or what went wrong (java or mvn missing,
  /// its last lines).
  [[nodiscard]] std::string start();
  /// As if the machine lost power (SIGKILL); `start` again continues on the same port.
  void kill();
  /// It stands still (SIGSTOP), it goes on (SIGCONT).
  void freeze();
  void thaw();

  [[nodiscard]] const std::string& address() const { return address_; }

private:
  [[nodiscard]] std::string wait_until_ready();
  void listen(int lines);

  std::vector<std::string> overrides_;
  tests::scratch_folder folder_;
  std::string address_;
  pid_t process_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  bool has_ended_ = false;
  std::jthread listener_;
};

/// One for all tests of this program; it has been started, `failure` says where that went wrong.
struct shared_log_broker {
  log_broker broker;
  std::string failure;
};
[[nodiscard]] shared_log_broker& shared_broker();

} // namespace busbar::adapters::testing
