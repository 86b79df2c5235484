#include "apps/engine/log_outbox.hpp"

#include "messages/bounds.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

domain::error in_doubt() {
  return {domain::errc::conflict,
          "this engine node has no certain place in its group: another may command (OWN-1)"};
}

} // namespace

log_outbox::log_outbox(std::unique_ptr<ports::log_producer> producer,
                       std::shared_ptr<ports::engine_counters> counters,
                       std::shared_ptr<adapters::logging::console> console)
    : producer_(std::move(producer)), counters_(std::move(counters)),
      console_(std::move(console)) {}

domain::result<void> log_outbox::publish(const char* topic, const std::string& key,
                                         ports::shared_bytes bytes) {
  const auto size = bytes->size();
  auto verdict = producer_->publish(topic, key, std::move(bytes));
  auto& counters = counters_->publishing;
  if (verdict) {
    counters.records.add();
    counters.bytes.add(size);
  } else {
    counters.refused.add(verdict.failure().code);
  }
  return verdict;
}

domain::result<void> log_outbox::publish_or_keep(const char* topic, const std::string& key,
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

void log_outbox::retry() {
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

domain::result<void> log_outbox::send(const domain::command_batch& batch) {
  if (is_in_doubt()) return in_doubt();
  const auto most = messages::bounds::batch_entries_max;
  if (batch.commands.size() <= most)
    return publish(messages::commands_topic, batch.site.text(), messages::encode(batch));
  domain::command_batch part = batch;
  for (std::size_t first = 0; first < batch.commands.size(); first += most) {
    const auto count = std::min(most, batch.commands.size() - first);
    const auto begin = batch.commands.begin() + static_cast<std::ptrdiff_t>(first);
    part.commands.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    auto verdict = publish(messages::commands_topic, batch.site.text(), messages::encode(part));
    if (!verdict) return verdict;
  }
  return {};
}

domain::result<void> log_outbox::send(const domain::session_fact& fact) {
  return publish_or_keep(messages::sessions_topic, fact.site.text(), messages::encode(fact));
}

domain::result<void> log_outbox::send(const domain::event& event) {
  // Written here and not where the journal reads it back: a log that is away must not hide it.
  if (console_) console_->write(event);
  return publish_or_keep(messages::events_topic, event.site.text(), messages::encode(event));
}

domain::result<void> log_outbox::send(const domain::decision& decision) {
  if (is_in_doubt()) return in_doubt();
  return publish(messages::decisions_topic, decision.site.text(), messages::encode(decision));
}

domain::result<void> log_outbox::send(const domain::site_state& state) {
  return publish_or_keep(messages::sites_topic, state.site.text(), messages::encode(state));
}

domain::result<void> log_outbox::send(const domain::driver_request& request) {
  return publish(messages::requests_topic, request.site.text(), messages::encode(request));
}

domain::result<void> log_outbox::flush(domain::microseconds patience) {
  retry();
  return producer_->flush(patience);
}

std::size_t log_outbox::kept() const {
  const std::lock_guard lock{guard_};
  return kept_.size();
}

} // namespace busbar::apps
