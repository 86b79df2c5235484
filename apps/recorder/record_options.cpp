#include "apps/recorder/record_options.hpp"

#include "adapters/config/site_file.hpp"
#include "apps/environment.hpp"
#include "apps/input_file.hpp"
#include "apps/process_lines.hpp"
#include "apps/recorder/site_recorder.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::apps {

namespace {

/// The variables that are set of those which the engine reads.
std::vector<std::pair<std::string, std::string>> variables_set() {
  std::vector<std::pair<std::string, std::string>> set;
  static_cast<void>(read_environment([&](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    set.emplace_back(name, value);
    return std::string{value};
  }));
  return set;
}

class recorders {
public:
  recorders(recording_settings settings,
            std::function<std::string(const domain::site_id&)> text_of)
      : store_(std::make_shared<recording_store>(std::move(settings))),
        text_of_(std::move(text_of)), variables_(variables_set()) {}

  std::shared_ptr<site::step_recorder> of(const domain::site_id& site) {
    const std::lock_guard lock{guard_};
    auto& own = sites_[site];
    if (!own)
      own = std::make_shared<site_recorder>(store_, [site, text_of = text_of_,
                                                     variables = variables_] {
        return recording::site_source{text_of(site), variables};
      });
    return own;
  }

private:
  std::shared_ptr<recording_store> store_;
  std::function<std::string(const domain::site_id&)> text_of_;
  std::vector<std::pair<std::string, std::string>> variables_;
  std::mutex guard_;
  std::map<domain::site_id, std::shared_ptr<site_recorder>> sites_;
};

} // namespace

void add_record_options(CLI::App& command, record_options& options) {
  command.add_option("--record", options.folder,
                     "Record every step of the sites in this folder, for busbar replay");
  command.add_option("--record-size", options.size, "The recording's size at most, in MiB")
      ->check(CLI::Range(1, 1'048'576))->capture_default_str();
  command.add_option("--record-days", options.days, "Its age at most, in days")
      ->check(CLI::Range(1, 3'650))->capture_default_str();
}

domain::result<recorder_source>
make_recorders(const record_options& options,
               std::function<std::string(const domain::site_id&)> text_of) {
  if (options.folder.empty()) return recorder_source{};
  if (const auto made = recording_store::prepare(options.folder); !made) return made.failure();
  recording_settings settings;
  settings.folder = options.folder;
  settings.bytes_max = options.size << 20;
  settings.age_max = domain::seconds{options.days * 86'400};
  settings.on_trouble = [](const std::string& why) {
    print_line(domain::severity::warning, "recording", "recording: " + why);
  };
  auto all = std::make_shared<recorders>(std::move(settings), std::move(text_of));
  return recorder_source{[all](const domain::site_id& site) { return all->of(site); }};
}

std::string text_of_file(const std::string& path) {
  auto read = read_input(path, adapters::config::site_bytes_max);
  return read ? std::move(read.value()) : std::string{};
}

} // namespace busbar::apps
