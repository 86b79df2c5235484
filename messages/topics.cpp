#include "messages/topics.hpp"

namespace busbar::messages {

std::vector<ports::topic_settings> all_topics(std::int32_t partitions) {
  using std::chrono::hours;
  const auto stream = [&](const char* name, domain::seconds retention) {
    return ports::topic_settings{name, partitions, false, retention, 1'048'576};
  };
  const auto kept = [&](const char* name) {
    return ports::topic_settings{name, partitions, false, std::nullopt, 1'048'576};
  };
  return {stream(telemetry_topic, hours{1}),
          stream(requests_topic, hours{24}),
          stream(commands_topic, hours{1}),
          stream(results_topic, hours{1}),
          kept(sessions_topic),
          kept(events_topic),
          stream(decisions_topic, hours{24 * 7}),
          ports::topic_settings{sites_topic, partitions, true, std::nullopt, 4'194'304},
          kept(dead_letters_topic)};
}

} // namespace busbar::messages
