#include "node/shard_count.hpp"

#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"

#include <string>

namespace busbar::node {

domain::result<std::int32_t> open_shards(ports::event_log& log,
                                         std::optional<std::int32_t> stated) {
  const auto there = log.partitions(messages::telemetry_topic);
  if (!there && there.failure().code != domain::errc::unknown_reference) return there.failure();
  const std::int32_t wanted = there ? there.value() : stated.value_or(shards_default);
  auto topics = messages::all_topics(wanted);
  topics.push_back(messages::owners_topic_settings(wanted));
  if (auto made = log.ensure_topics(topics); !made) return made.failure();
  // Another process may have made them in the meantime.
  const auto found = log.partitions(messages::telemetry_topic);
  if (!found || !stated || *stated == found.value()) return found;
  return domain::error{domain::errc::out_of_range,
                       "--shards is " + std::to_string(*stated) + ", but " +
                           messages::telemetry_topic + " has " + std::to_string(found.value()) +
                           " partitions: state " + std::to_string(found.value()) +
                           ", or leave the option out"};
}

} // namespace busbar::node
