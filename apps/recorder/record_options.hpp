#pragma once
// --record and its bounds, of every command that runs an engine.

#include "apps/recorder/recording_store.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct record_options {
  /// Empty: nothing is recorded.
  std::string folder;
  /// In MiB.
  std::uint64_t size = 1'024;
  std::int64_t days = 7;
};

void add_record_options(CLI::App& command, record_options& options);

/// Of a site; the same one for every context of it. Empty: nothing is recorded.
using recorder_source =
    std::function<std::shared_ptr<site::step_recorder>(const domain::site_id&)>;

/// `text_of`: what a site's file says now. errc::unavailable where the folder cannot be written.
[[nodiscard]] domain::result<recorder_source>
make_recorders(const record_options& options,
               std::function<std::string(const domain::site_id&)> text_of);

/// The whole of a file; empty where it cannot be read.
[[nodiscard]] std::string text_of_file(const std::string& path);

} // namespace busbar::apps
