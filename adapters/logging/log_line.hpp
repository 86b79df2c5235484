#pragma once
// One line of the process's log, as text for people or as one JSON object for collectors.

#include "domain/event.hpp"
#include "domain/time.hpp"

#include <string>

namespace busbar::adapters::logging {

struct log_line {
  domain::instant at{};
  domain::severity level = domain::severity::info;
  /// As of events: "breaker_opened", "started".
  std::string kind;
  /// Empty where the line is about the process.
  std::string site;
  /// The node, station, driver or topic that it is about; may be empty.
  std::string subject;
  std::string text;
};

/// "2026-05-01T12:00:00.25Z warning breaker_opened garage CP-003: 5 of 5 calls failed". Control
/// characters are written as \xNN, so that one line stays one line whatever a station sends.
[[nodiscard]] std::string text_of(const log_line& line);

/// {"at": ..., "level": ..., "kind": ..., "site": ..., "subject": ..., "text": ...}, without empty
/// members, on one line. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_of(const log_line& line);

} // namespace busbar::adapters::logging
