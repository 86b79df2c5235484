#pragma once
// The process's log on standard error. Thread-safe; no call waits: lines go through a bounded queue
// (8,192; the oldest is dropped when it is full) to a thread of its own.

#include "adapters/logging/log_line.hpp"
#include "domain/event.hpp"
#include "domain/time.hpp"

#include <memory>
#include <optional>
#include <string>

namespace busbar::adapters::logging {

enum class line_format { text, json };

struct console_settings {
  /// Lines below it are not written; absent: none is.
  std::optional<domain::severity> level = domain::severity::warning;
  line_format format = line_format::text;
};

class console {
public:
  explicit console(console_settings settings = {});
  /// Writes what is queued.
  ~console();
  console(const console&) = delete;
  console& operator=(const console&) = delete;

  /// One line, unless its severity is below the level or its kind has used up its budget
  /// (`line_budget`).
  void write(const log_line& line);
  void write(const domain::event& event);
  /// Tells what was withheld in the windows that are over. Called about once a second.
  void tell_withheld(domain::instant now);

private:
  class writer;
  std::unique_ptr<writer> writer_;
};

} // namespace busbar::adapters::logging
