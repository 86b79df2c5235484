#include "domain/record_key.hpp"
#include "ports/event_log.hpp"

#include <algorithm>

namespace busbar::ports {

std::vector<partition_id> with_alongside(const std::vector<partition_id>& places,
                                         const consumer_settings& consumer) {
  auto all = places;
  for (const auto& place : places)
    for (const auto& topic : consumer.alongside)
      if (place.topic == consumer.topics.front()) all.push_back({topic, place.partition});
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::int32_t partition_of(const std::string& key, std::int32_t partitions) {
  return domain::partition_of_key(key, partitions);
}

} // namespace busbar::ports
