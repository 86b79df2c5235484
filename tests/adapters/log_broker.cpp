#include "tests/adapters/log_broker.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace busbar::adapters::testing {

namespace {

constexpr std::chrono::seconds start_patience{180};

void run_start_script(int output, const std::string& folder,
                      const std::vector<std::string>& overrides) {
  // The broker goes when the test goes, however it ends.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<std::string> words{BUSBAR_SOURCE_DIR "/deploy/kafka/start.sh", "--data", folder};
  for (const auto& each : overrides) words.insert(words.end(), {"--override", each});
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

} // namespace

log_broker::log_broker(std::vector<std::string> overrides) : overrides_(std::move(overrides)) {}

log_broker::~log_broker() { kill(); }

std::string log_broker::start() {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return std::strerror(errno);
  process_ = fork();
  if (process_ == 0) run_start_script(pipe_ends[1], folder_.path(), overrides_);
  close(pipe_ends[1]);
  output_.clear();
  has_ended_ = false;
  listener_ = std::jthread([this, lines = pipe_ends[0]] { listen(lines); });
  return wait_until_ready();
}

/// Reads as long as the broker runs, so that it never waits for somebody to read its warnings.
void log_broker::listen(int lines) {
  std::array<char, 4'096> some{};
  for (ssize_t size = 1; size > 0;) {
    size = read(lines, some.data(), some.size());
    std::scoped_lock lock(mutex_);
    if (size > 0) output_.append(some.data(), static_cast<std::size_t>(size));
    has_ended_ = size <= 0;
    changed_.notify_all();
  }
  close(lines);
}

std::string log_broker::wait_until_ready() {
  constexpr std::string_view ready = "\nready ";
  constexpr auto npos = std::string::npos;
  std::size_t at = npos;
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, start_patience, [&] {
    at = output_.find(ready);
    return has_ended_ || (at != npos && output_.find('\n', at + 1) != npos);
  });
  if (at == npos)
    return "deploy/kafka/start.sh did not start a broker:\n" + output_;
  at += ready.size();
  address_ = output_.substr(at, output_.find('\n', at) - at);
  return {};
}

void log_broker::kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

shared_log_broker& shared_broker() {
  static shared_log_broker shared;
  static const bool is_started = [] {
    shared.failure = shared.broker.start();
    return shared.failure.empty();
  }();
  static_cast<void>(is_started);
  return shared;
}

void log_broker::freeze() { ::kill(process_, SIGSTOP); }
void log_broker::thaw() { ::kill(process_, SIGCONT); }

} // namespace busbar::adapters::testing
