#include "adapters/embedded/consumer_group.hpp"

#include "adapters/embedded/assignment.hpp"

#include <mutex>

namespace busbar::adapters::embedded {

domain::result<void> consumer_group::join(const std::string& member,
                                          const std::vector<std::string>& topics,
                                          waker* on_change, const topic_sizes& sizes) {
  std::scoped_lock lock(mutex_);
  if (members_.contains(member))
    return domain::error{domain::errc::conflict,
                         "the group already has a member called '" + member + "'"};
  members_[member] = {{topics.begin(), topics.end()}, on_change};
  for (const auto& place : remembered_[member]) target_[place] = member;
  remembered_.erase(member);
  assign(sizes);
  return {};
}

void consumer_group::leave(const std::string& member, const topic_sizes& sizes) {
  std::scoped_lock lock(mutex_);
  members_.erase(member);
  auto& remembered = remembered_[member];
  for (const auto& [place, reader] : target_)
    if (reader == member) remembered.insert(place);
  std::erase_if(owner_, [&](const auto& entry) { return entry.second == member; });
  assign(sizes);
}

void consumer_group::change_topics(const std::string& member,
                                   const std::vector<std::string>& topics,
                                   const topic_sizes& sizes) {
  std::scoped_lock lock(mutex_);
  members_.at(member).topics = {topics.begin(), topics.end()};
  assign(sizes);
}

void consumer_group::rebalance(const topic_sizes& sizes) {
  std::scoped_lock lock(mutex_);
  assign(sizes);
}

std::vector<ports::partition_id> consumer_group::unwanted(const std::string& member) {
  std::scoped_lock lock(mutex_);
  std::vector<ports::partition_id> places;
  for (const auto& [place, owner] : owner_)
    if (owner == member && target_[place] != member) places.push_back(place);
  return places;
}

void consumer_group::release(const std::vector<ports::partition_id>& places) {
  std::scoped_lock lock(mutex_);
  for (const auto& place : places) owner_.erase(place);
  announce();
}

std::vector<ports::partition_id> consumer_group::take(const std::string& member) {
  std::scoped_lock lock(mutex_);
  std::vector<ports::partition_id> places;
  for (const auto& [place, target] : target_)
    if (target == member && owner_.try_emplace(place, member).second) places.push_back(place);
  return places;
}

void consumer_group::assign(const topic_sizes& sizes) {
  for (const auto& [topic, partitions] : sizes) {
    std::vector<std::string> subscribed;
    for (const auto& [name, state] : members_)
      if (state.topics.contains(topic)) subscribed.push_back(name);
    std::vector<std::string> previous(static_cast<std::size_t>(partitions));
    for (std::int32_t place = 0; place < partitions; ++place)
      previous[static_cast<std::size_t>(place)] = target_[{topic, place}];
    const auto next = assign_sticky(previous, subscribed);
    for (std::int32_t place = 0; place < partitions; ++place)
      target_[{topic, place}] = next[static_cast<std::size_t>(place)];
  }
  announce();
}

void consumer_group::announce() {
  generation_.fetch_add(1);
  for (const auto& [name, state] : members_) state.on_change->signal();
}

} // namespace busbar::adapters::embedded
