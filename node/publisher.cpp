#include "node/publisher.hpp"

#include <utility>
#include <vector>

namespace busbar::node {

domain::result<void> publisher::publish(const char* topic, const std::string& key,
                                        ports::shared_bytes bytes, ports::acknowledgement then) {
  const auto size = bytes->size();
  auto verdict = producer_->publish(topic, key, std::move(bytes), std::move(then));
  if (!verdict && verdict.failure().code != domain::errc::full) ++refused_;
  if (observed_) observed_(size, verdict);
  return verdict;
}

domain::result<void> publisher::publish_or_keep(const char* topic, const std::string& key,
                                                ports::shared_bytes bytes,
                                                ports::acknowledgement then) {
  // While something is kept, what follows queues behind it: facts of one site stay in order.
  if (!is_keeping_.load(std::memory_order_acquire) && !is_in_doubt()) {
    auto verdict = publish(topic, key, bytes, then);
    const bool is_full = !verdict && verdict.failure().code == domain::errc::full;
    if (!is_full) return verdict;
  }
  const std::lock_guard lock{guard_};
  if (kept_.size() >= kept_max)
    return domain::error{domain::errc::full, std::string{topic} + ": " +
                                                 std::to_string(kept_max) + " records are kept"};
  kept_.push_back({topic, key, std::move(bytes), std::move(then), ++kept_count_});
  is_keeping_.store(true, std::memory_order_release);
  return {};
}

void publisher::publish_or_drop(const char* topic, const std::string& key,
                                ports::shared_bytes bytes) {
  if (kept() >= replaceable_max) ++dropped_;
  else static_cast<void>(publish_or_keep(topic, key, std::move(bytes)));
}

std::optional<publisher::kept_record> publisher::first_kept() {
  const std::lock_guard lock{guard_};
  if (!kept_.empty()) return kept_.front();
  is_keeping_.store(false, std::memory_order_release);
  return std::nullopt;
}

void publisher::drop_first(std::uint64_t number) {
  const std::lock_guard lock{guard_};
  if (!kept_.empty() && kept_.front().number == number) kept_.pop_front();
}

void publisher::retry() {
  const std::lock_guard one_at_a_time{retrying_};
  while (!is_in_doubt()) {
    const auto first = first_kept();
    if (!first) return;
    const auto verdict = publish(first->topic, first->key, first->bytes, first->then);
    if (!verdict && verdict.failure().code == domain::errc::full) return;
    drop_first(first->number);
    if (!verdict && first->then) first->then(verdict.failure());
  }
}

domain::result<void> publisher::flush(domain::microseconds patience) {
  retry();
  return producer_->flush(patience);
}

std::size_t publisher::kept() const {
  const std::lock_guard lock{guard_};
  return kept_.size();
}

void publisher::drop_kept(const std::string& key) {
  std::vector<ports::acknowledgement> unkept;
  {
    const std::lock_guard lock{guard_};
    for (auto& each : kept_)
      if (each.key == key && each.then) unkept.push_back(std::move(each.then));
    std::erase_if(kept_, [&](const auto& each) { return each.key == key; });
  }
  for (const auto& then : unkept)
    then(domain::error{domain::errc::conflict, "another engine node holds " + key});
}

} // namespace busbar::node
