#include "apps/process_lines.hpp"

#include "adapters/logging/log_line.hpp"

#include <atomic>
#include <chrono>
#include <iostream>

namespace busbar::apps {

namespace {

std::atomic<adapters::logging::line_format> form_of_lines{adapters::logging::line_format::text};

} // namespace

void write_lines_as(adapters::logging::line_format form) { form_of_lines = form; }

void print_line(domain::severity level, const char* kind, const std::string& text) {
  std::string line = text;
  if (form_of_lines.load() == adapters::logging::line_format::json) {
    const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
    line = adapters::logging::json_of({now, level, kind, "", "", text});
  }
  // One write: lines of other threads do not come in between.
  std::cerr << line + '\n' << std::flush;
}

} // namespace busbar::apps
