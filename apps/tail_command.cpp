// busbar tail [--role R]: follows the journal of a running engine.

#include "adapters/access/secrets.hpp"
#include "apps/choice.hpp"
#include "apps/commands.hpp"
#include "apps/stop_signal.hpp"
#include "apps/tail/entry_text.hpp"
#include "apps/tail/event_stream.hpp"
#include "apps/tail/station_check.hpp"
#include "apps/tail/stream_connection.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

namespace busbar::apps {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds turn{100};
constexpr milliseconds pause_min{250};
constexpr milliseconds pause_max{5'000};
/// For the engine's word about the station; the stream waits in the meantime and loses nothing.
constexpr milliseconds check_max{2'000};

struct tail_options {
  std::string url = "http://127.0.0.1:8000";
  std::string role;
  std::string station;
  std::string after;
  std::string token_file;
  bool as_json = false;
};

enum class ending : std::uint8_t { lost = 0, refused, stopped };

class tail {
public:
  explicit tail(tail_options options)
      : options_(std::move(options)), is_terminal_(::isatty(STDOUT_FILENO) == 1) {
    target_ = "/api/v1/stream?site=none";
    // Kafka is where the log lives.
    const bool is_of_log = options_.role == "kafka";
    if (!options_.role.empty()) target_ += "&role=" + (is_of_log ? "log" : options_.role);
  }

  int run(const stream_address& address) {
    milliseconds pause = pause_min;
    while (true) {
      const auto opened = connection_.open(address, target_, last_id());
      if (opened) check_station(address);
      const auto ended = opened ? follow(pause) : ending::lost;
      if (ended == ending::stopped) return 0;
      if (ended == ending::refused) return 1;
      std::cerr << "tail: " << (opened ? "the stream ended" : opened.failure().message)
                << "; trying again\n";
      if (stop_.wait_for(pause)) return 0;
      pause = std::min(pause * 2, pause_max);
    }
  }

private:
  /// Once. Only a warning: an engine that starts, or loads its file again, may know it later.
  void check_station(const stream_address& address) {
    if (options_.station.empty() || std::exchange(is_station_checked_, true)) return;
    const auto unknown = unknown_station(address, options_.station, check_max);
    if (!unknown.empty())
      std::cerr << "tail: --station: " << unknown << "; waiting for lines about it\n";
  }

  [[nodiscard]] std::string last_id() const {
    return events_.last_id().empty() ? options_.after : events_.last_id();
  }

  ending follow(milliseconds& pause) {
    answer_parser answer;
    std::string bytes;
    while (!stop_.wait_for(std::chrono::microseconds{0})) {
      const auto outcome = connection_.wait(turn, bytes);
      if (outcome == wait_outcome::no_reader) return ending::stopped;
      if (outcome == wait_outcome::closed) return ending::lost;
      if (outcome == wait_outcome::nothing) continue;
      const std::string body = answer.feed(bytes);
      if (answer.status() >= 400 && answer.status() < 500) return refuse(answer.status(), body);
      if (answer.is_broken() || answer.status() >= 500) return ending::lost;
      pause = pause_min;
      for (const auto& event : events_.feed(body)) show(event);
      std::cout.flush();
      if (!std::cout) return ending::stopped;
      if (answer.is_complete()) return ending::lost;
    }
    return ending::stopped;
  }

  static ending refuse(int status, const std::string& body) {
    std::cerr << "tail: answered " << status << ": " << body << '\n';
    return ending::refused;
  }

  void show(const stream_event& event) {
    if (event.name == "gap") std::cerr << "tail: entries are gone: " << event.data << '\n';
    if (event.name != "journal" || !is_about(event.data, options_.station)) return;
    const bool as_json = options_.as_json || !is_terminal_;
    std::cout << (as_json ? event.data : entry_text(event.data, true)) << '\n';
  }

  tail_options options_;
  bool is_terminal_;
  bool is_station_checked_ = false;
  std::string target_;
  stop_signal stop_;
  stream_connection connection_;
  event_parser events_;
};

/// The first line of the file, which its owner alone may read.
domain::result<std::string> token_of(const tail_options& options) {
  if (options.token_file.empty()) return std::string{};
  auto read = adapters::access::secret_file(options.token_file);
  if (!read) return read;
  return read.value().substr(0, read.value().find_first_of("\r\n"));
}

int run_tail(const tail_options& options) {
  auto address = stream_address_of(options.url);
  if (!address) {
    std::cerr << "--url: " << address.failure().message << '\n';
    return 2;
  }
  const auto token = token_of(options);
  if (!token) {
    std::cerr << "--token-file: " << token.failure().message << '\n';
    return 2;
  }
  address.value().token = token.value();
  // A reader that leaves shows as a failed write, not as a death.
  std::signal(SIGPIPE, SIG_IGN);
  return tail{options}.run(address.value());
}

} // namespace

void add_tail_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("tail", "Follow the journal of a running engine");
  command->footer("Lines for people on a terminal, JSON lines in a pipe. Comes back after a\n"
                  "restart of the engine and misses nothing that the engine still has.\n\n"
                  "Example:\n  busbar tail --role driver | jq -r .text");
  auto options = std::make_shared<tail_options>();
  command->add_option("--url", options->url, "The engine")->capture_default_str();
  command->add_option("--token-file", options->token_file,
                      "File of an API token, for an engine that asks who calls (mode 0600)");
  command->add_option("--role", options->role, "Only lines of this speaker (kafka: log)")
      ->check(one_of({"central", "cp", "monitor", "driver", "log", "kafka"}));
  command->add_option("--station", options->station, "Only lines about this station");
  command->add_option("--after", options->after,
                      "Start after this entry (default: new entries only)")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--json", options->as_json, "JSON lines on a terminal, too");
  command->callback([options, &exit_code] { exit_code = run_tail(*options); });
}

} // namespace busbar::apps
