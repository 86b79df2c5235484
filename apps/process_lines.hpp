#pragma once
// What a command itself writes to standard error, beside the lines of its events: faults of its
// input, warnings, how it ends. Thread-safe; each line is written whole.

#include "adapters/logging/console.hpp"
#include "domain/event.hpp"

#include <string>

namespace busbar::apps {

/// Lines are text until this says otherwise. Called before the first line and the first thread.
void write_lines_as(adapters::logging::line_format form);

/// Text: `text` as it stands. JSON: an object as of events (`adapters::logging::json_of`), about
/// the process and of this moment.
void print_line(domain::severity level, const char* kind, const std::string& text);

} // namespace busbar::apps
