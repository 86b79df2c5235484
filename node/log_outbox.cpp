#include "node/log_outbox.hpp"

#include "messages/bounds.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

namespace {

domain::error in_doubt() {
  return {domain::errc::conflict,
          "this engine node has no certain place in its group: another may command (OWN-1)"};
}

void tally(ports::publishing_counters& counters, std::size_t size,
           const domain::result<void>& verdict) {
  if (!verdict) return counters.refused.add(verdict.failure().code);
  counters.records.add();
  counters.bytes.add(size);
}

} // namespace

log_outbox::log_outbox(std::unique_ptr<ports::log_producer> producer,
                       std::shared_ptr<ports::engine_counters> counters,
                       std::function<void(const domain::event&)> line)
    : out_(std::move(producer),
           [all = std::move(counters)](std::size_t size, const domain::result<void>& verdict) {
             tally(all->publishing, size, verdict);
           }),
      line_(std::move(line)) {}

domain::result<void> log_outbox::send(const domain::command_batch& batch) {
  if (out_.is_in_doubt()) return in_doubt();
  const auto most = messages::bounds::batch_entries_max;
  if (batch.commands.size() <= most)
    return out_.publish(messages::commands_topic, batch.site.text(), messages::encode(batch));
  domain::command_batch part = batch;
  for (std::size_t first = 0; first < batch.commands.size(); first += most) {
    const auto count = std::min(most, batch.commands.size() - first);
    const auto begin = batch.commands.begin() + static_cast<std::ptrdiff_t>(first);
    part.commands.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    auto verdict =
        out_.publish(messages::commands_topic, batch.site.text(), messages::encode(part));
    if (!verdict) return verdict;
  }
  return {};
}

domain::result<void> log_outbox::send(const domain::session_fact& fact) {
  return out_.publish_or_keep(messages::sessions_topic, fact.site.text(), messages::encode(fact));
}

domain::result<void> log_outbox::send(const domain::event& event) {
  // Written here and not where the journal reads it back: a log that is away must not hide it.
  if (line_) line_(event);
  return out_.publish_or_keep(messages::events_topic, event.site.text(), messages::encode(event));
}

domain::result<void> log_outbox::send(const domain::decision& decision) {
  if (out_.is_in_doubt()) return in_doubt();
  return out_.publish(messages::decisions_topic, decision.site.text(), messages::encode(decision));
}

domain::result<void> log_outbox::send(const domain::site_state& state) {
  return out_.publish_or_keep(messages::sites_topic, state.site.text(), messages::encode(state));
}

domain::result<void> log_outbox::send(const domain::driver_request& request) {
  return out_.publish(messages::requests_topic, request.site.text(), messages::encode(request));
}

} // namespace busbar::node
