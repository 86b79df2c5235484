#include "adapters/embedded/assignment.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace busbar::adapters::embedded {

std::vector<std::string> assign_sticky(const std::vector<std::string>& previous,
                                       const std::vector<std::string>& members) {
  std::vector<std::string> next(previous.size());
  if (members.empty()) return next;
  const std::size_t share = previous.size() / members.size();
  std::size_t larger_shares = previous.size() % members.size();
  std::map<std::string, std::size_t> counts;
  for (const auto& member : members) counts[member] = 0;

  const auto give = [&](std::size_t partition, const std::string& member) {
    next[partition] = member;
    if (++counts[member] > share) --larger_shares;
  };
  const auto has_room = [&](const std::string& member) {
    return counts[member] < share || (counts[member] == share && larger_shares > 0);
  };
  for (std::size_t partition = 0; partition < previous.size(); ++partition)
    if (counts.contains(previous[partition]) && has_room(previous[partition]))
      give(partition, previous[partition]);
  for (std::size_t partition = 0; partition < next.size(); ++partition) {
    if (!next[partition].empty()) continue;
    const auto least = std::min_element(counts.begin(), counts.end(), [](auto& one, auto& other) {
      return one.second < other.second;
    });
    give(partition, least->first);
  }
  return next;
}

} // namespace busbar::adapters::embedded
