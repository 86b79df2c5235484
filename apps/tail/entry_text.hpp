#pragma once
// One entry of the journal as a line for people.

#include <string>

namespace busbar::apps {

/// `entry` is the JSON of a journal entry (openapi.json): "12:00:01.250 driver Alice accepted ...",
/// with colours (ANSI) by role and severity when asked. What is no such JSON is returned as it is.
[[nodiscard]] std::string entry_text(const std::string& entry, bool with_colours);

/// Its subject or its text names the station, or one of the station's connectors. An empty name is
/// of every entry.
[[nodiscard]] bool is_about(const std::string& entry, const std::string& station);

} // namespace busbar::apps
