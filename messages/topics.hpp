#pragma once
// The names and stated settings of every topic (design section 7). Key = site id.

#include "ports/event_log.hpp"

#include <vector>

namespace busbar::messages {

inline constexpr const char* telemetry_topic = "busbar.telemetry.v1";
inline constexpr const char* requests_topic = "busbar.requests.v1";
inline constexpr const char* commands_topic = "busbar.commands.v1";
inline constexpr const char* results_topic = "busbar.results.v1";
inline constexpr const char* sessions_topic = "busbar.sessions.v1";
inline constexpr const char* events_topic = "busbar.events.v1";
inline constexpr const char* decisions_topic = "busbar.decisions.v1";
inline constexpr const char* sites_topic = "busbar.sites.v1";
inline constexpr const char* dead_letters_topic = "busbar.dead-letters.v1";

/// All nine, with partitions, retention, compaction and record size.
[[nodiscard]] std::vector<ports::topic_settings> all_topics(std::int32_t partitions);

} // namespace busbar::messages
