#include "node/publisher.hpp"

#include <utility>

namespace busbar::node {

domain::result<void> publisher::publish(const char* topic, const std::string& key,
                                        ports::shared_bytes bytes) {
  const auto size = bytes->size();
  auto verdict = producer_->publish(topic, key, std::move(bytes));
  if (!verdict && verdict.failure().code != domain::errc::full) ++refused_;
  if (observed_) observed_(size, verdict);
  return verdict;
}

domain::result<void> publisher::publish_or_keep(const char* topic, const std::string& key,
                                                ports::shared_bytes bytes) {
  // While something is kept, what follows queues behind it: facts of one site stay in order.
  if (!is_keeping_.load(std::memory_order_acquire) && !is_in_doubt()) {
    auto verdict = publish(topic, key, bytes);
    const bool is_full = !verdict && verdict.failure().code == domain::errc::full;
    if (!is_full) return verdict;
  }
  const std::lock_guard lock{guard_};
  if (kept_.size() >= kept_max)
    return domain::error{domain::errc::full, std::string{topic} + ": " +
                                                 std::to_string(kept_max) + " records are kept"};
  kept_.push_back({topic, key, std::move(bytes)});
  is_keeping_.store(true, std::memory_order_release);
  return {};
}

void publisher::publish_or_drop(const char* topic, const std::string& key,
                                ports::shared_bytes bytes) {
  if (kept() >= replaceable_max) ++dropped_;
  else static_cast<void>(publish_or_keep(topic, key, std::move(bytes)));
}

void publisher::retry() {
  if (is_in_doubt()) return;
  const std::lock_guard lock{guard_};
  while (!kept_.empty()) {
    const auto& first = kept_.front();
    const auto verdict = publish(first.topic, first.key, first.bytes);
    if (!verdict && verdict.failure().code == domain::errc::full) return;
    kept_.pop_front();
  }
  is_keeping_.store(false, std::memory_order_release);
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
  const std::lock_guard lock{guard_};
  std::erase_if(kept_, [&](const auto& each) { return each.key == key; });
}

} // namespace busbar::node
