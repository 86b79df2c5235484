#pragma once
// How a long-running command writes its log to standard error, as stated on the command line.

#include "adapters/logging/console.hpp"
#include "node/event_sinks.hpp"

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct console_options {
  /// info, warning, critical, off.
  std::string level = "warning";
  /// text, json.
  std::string format = "text";
};

/// --log-format alone.
void add_format_option(CLI::App& command, console_options& options);
/// --log-level and --log-format.
void add_console_options(CLI::App& command, console_options& options);

[[nodiscard]] adapters::logging::line_format line_format_of(const console_options& options);
[[nodiscard]] std::shared_ptr<adapters::logging::console>
make_console(const console_options& options);

/// Events as lines of `console`; null: none is written.
[[nodiscard]] node::event_sinks
sinks_of(const std::shared_ptr<adapters::logging::console>& console);

} // namespace busbar::apps
