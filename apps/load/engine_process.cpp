// The engine under load as a process of its own: a pipe each way.

#include "apps/load/engine_side.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace busbar::apps {

namespace {

constexpr std::chrono::seconds starts_within{120};

domain::error system_error(const char* what) {
  return {domain::errc::unavailable, std::string{what} + ": " + std::strerror(errno)};
}

loadtest::engine_sample sample_from(const nlohmann::json& json) {
  loadtest::engine_sample sample;
  json.at("readings").get_to(sample.readings);
  json.at("plans").get_to(sample.plans);
  json.at("late_plans").get_to(sample.late_plans);
  json.at("raised").get_to(sample.raised);
  json.at("lowered").get_to(sample.lowered);
  json.at("renewed").get_to(sample.renewed);
  json.at("dead_letters").get_to(sample.dead_letters);
  json.at("queue_depth").get_to(sample.queue_depth);
  json.at("cpu_us").get_to(sample.cpu_us);
  json.at("resident_bytes").get_to(sample.resident_bytes);
  return sample;
}

class engine_process : public engine_side {
public:
  ~engine_process() override { stop(); }

  domain::result<void> start(const engine_load& load) {
    std::array<int, 2> input{}, output{};
    if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0)
      return system_error("pipe");
    process_ = fork();
    if (process_ < 0) return system_error("fork");
    if (process_ == 0) become_engine(load, input[0], output[1]);
    ::close(input[0]);
    ::close(output[1]);
    to_engine_ = input[1];
    from_engine_ = output[0];
    return await_first_sample();
  }

  loadtest::engine_sample sample(std::int64_t) override {
    while (read_some(std::chrono::milliseconds{0})) continue;
    return newest_;
  }

  void stop() override {
    if (process_ <= 0) return;
    ::close(to_engine_);
    while (read_some(std::chrono::seconds{10})) continue;
    ::close(from_engine_);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
  }

private:
  [[noreturn]] static void become_engine(const engine_load& load, int input, int output) {
    dup2(input, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    const auto sites = std::to_string(load.sites), stations = std::to_string(load.stations);
    execl("/proc/self/exe", "busbar", "load", "--engine-only", "--log", load.log.address.c_str(),
          "--kafka-config", load.log.kafka_config.c_str(), "--sites", sites.c_str(), "--stations",
          stations.c_str(), "--record", load.record.c_str(), nullptr);
    _exit(127);
  }

  domain::result<void> await_first_sample() {
    const auto deadline = std::chrono::steady_clock::now() + starts_within;
    while (!has_sample_ && std::chrono::steady_clock::now() < deadline)
      if (!read_some(std::chrono::seconds{1}) && is_ended_) break;
    if (has_sample_) return {};
    return domain::error{domain::errc::unavailable, "the engine's process did not start"};
  }

  /// True when something was read.
  bool read_some(std::chrono::milliseconds patience) {
    pollfd ready{from_engine_, POLLIN, 0};
    if (is_ended_ || ::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) return false;
    std::array<char, 4'096> bytes{};
    const auto count = ::read(from_engine_, bytes.data(), bytes.size());
    is_ended_ = count <= 0;
    if (is_ended_) return false;
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
    for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
      newest_ = sample_from(nlohmann::json::parse(pending_.substr(0, end)));
      has_sample_ = true;
      pending_.erase(0, end + 1);
    }
    return true;
  }

  pid_t process_ = 0;
  int to_engine_ = -1;
  int from_engine_ = -1;
  bool has_sample_ = false;
  bool is_ended_ = false;
  std::string pending_;
  loadtest::engine_sample newest_;
};

} // namespace

domain::result<std::unique_ptr<engine_side>> start_engine_process(const engine_load& load) {
  auto engine = std::make_unique<engine_process>();
  if (auto started = engine->start(load); !started) return started.failure();
  return std::unique_ptr<engine_side>{std::move(engine)};
}

} // namespace busbar::apps
