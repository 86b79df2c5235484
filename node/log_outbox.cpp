#include "node/log_outbox.hpp"

#include "domain/epochs.hpp"
#include "messages/bounds.hpp"
#include "messages/codec.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/boot_clock.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

namespace {

domain::error in_doubt() {
  return {domain::errc::conflict,
          "this engine node has no certain place in its group: another may command (OWN-1)"};
}

domain::error not_the_owner() {
  return {domain::errc::conflict,
          "this engine node does not know whether another commands the shard (OWN-5)"};
}

void tally(ports::publishing_counters& counters, std::size_t size,
           const domain::result<void>& verdict) {
  if (!verdict) return counters.refused.add(verdict.failure().code);
  counters.records.add();
  counters.bytes.add(size);
}

/// A listener that has no use for the place.
ports::acknowledgement without_place(actors::kept_listener then) {
  if (!then) return {};
  return [told = std::move(then)](const ports::acknowledged& kept) {
    told(kept ? domain::result<void>{} : kept.failure());
  };
}

} // namespace

log_outbox::log_outbox(std::unique_ptr<ports::log_producer> producer,
                       std::shared_ptr<ports::engine_counters> counters,
                       std::function<void(const domain::event&)> line)
    : gate_([this](const domain::command_batch& batch) { return put_out(batch); }),
      states_([this](const domain::site_state& state, const actors::kept_listener& then) {
        if (auto verdict = put_state(state, without_place(then)); !verdict && then) then(verdict);
      }),
      out_(std::move(producer),
           [all = std::move(counters)](std::size_t size, const domain::result<void>& verdict) {
             tally(all->publishing, size, verdict);
           }),
      line_(std::move(line)) {}

ports::acknowledgement log_outbox::noted(ports::acknowledgement then) const {
  if (!shards_) return then;
  return [shards = shards_, sent_at = boot_clock(),
          told = std::move(then)](const ports::acknowledged& kept) {
    const bool is_refused = !kept && kept.failure().code == domain::errc::unavailable;
    if (kept || is_refused) shards->acknowledged(sent_at, boot_clock(), !is_refused);
    if (told) told(kept);
  };
}

void log_outbox::mind_silence() {
  if (shards_ && shards_->is_silent(boot_clock())) out_.hold(true);
}

domain::result<void> log_outbox::put_noted(const domain::site_id& site, const way_in& put,
                                           ports::acknowledgement then) {
  const auto of = states_.begin(site);
  auto verdict = put(noted([this, site, of, positions = positions_,
                            told = std::move(then)](const ports::acknowledged& kept) {
    if (kept && positions)
      positions->passed(kept.value().first, kept.value().second, position_ledger::clock::now());
    if (told) told(kept);
    states_.end(site, of);
  }));
  // Nothing is called for what was not handed over.
  if (!verdict) states_.end(site, of);
  return verdict;
}

domain::result<void> log_outbox::send(const domain::command_batch& batch) {
  if (out_.is_in_doubt()) return in_doubt();
  return gate_.pass(batch);
}

domain::result<void> log_outbox::put_out(const domain::command_batch& batch) {
  const auto most = messages::bounds::batch_entries_max;
  const auto fence = shards_ ? shards_->may_command(batch.site, boot_clock()) : domain::epoch{0};
  // What an actor of a time before sends, which has not ended yet, stands under no fence of then.
  if (!fence || domain::is_older(batch.owner, *fence)) return not_the_owner();
  const auto publish = [this, fence](const domain::command_batch& part) {
    return put_noted(part.site, [&](ports::acknowledgement then) {
      return out_.publish(messages::commands_topic, part.site.text(),
                          messages::encode_under(*fence, part), std::move(then));
    });
  };
  if (batch.commands.size() <= most) return publish(batch);
  domain::command_batch part = batch;
  for (std::size_t first = 0; first < batch.commands.size(); first += most) {
    const auto count = std::min(most, batch.commands.size() - first);
    const auto begin = batch.commands.begin() + static_cast<std::ptrdiff_t>(first);
    part.commands.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    if (auto verdict = publish(part); !verdict) return verdict;
  }
  return {};
}

domain::result<void> log_outbox::send(const domain::session_fact& fact) {
  mind_silence();
  const bool begins = fact.kind == domain::session_fact_kind::accepted && !fact.session.is_empty();
  // What is told of a site was told under its last fence, even if another one stands by now.
  const auto fence =
      shards_ ? shards_->epoch_of(shards_->shard_of(fact.site), true) : domain::epoch{0};
  const auto put = [&](ports::acknowledgement then) {
    return out_.publish_or_keep(messages::sessions_topic, fact.site.text(),
                                messages::encode_under(fence, fact), std::move(then));
  };
  if (!begins) return put_noted(fact.site, put);
  gate_.expect(fact.site, fact.session);
  const auto settle = [this, site = fact.site, session = fact.session](bool is_kept) {
    gate_.settle(site, session, is_kept);
  };
  auto verdict = put_noted(
      fact.site, put, [settle](const ports::acknowledged& kept) { settle(kept.has_value()); });
  if (!verdict) settle(false);
  return verdict;
}

domain::result<void> log_outbox::send(const domain::event& event) {
  // Written here and not where the journal reads it back: a log that is away must not hide it.
  if (line_) line_(event);
  return out_.publish_or_keep(messages::events_topic, event.site.text(), messages::encode(event));
}

domain::result<void> log_outbox::send(const domain::decision& decision) {
  if (out_.is_in_doubt()) return in_doubt();
  return out_.publish(messages::decisions_topic, decision.site.text(), messages::encode(decision),
                      noted());
}

domain::result<void> log_outbox::send(const domain::site_state& state) {
  keep(state, {});
  return {};
}

void log_outbox::keep(const domain::site_state& state, const actors::kept_listener& then) {
  mind_silence();
  auto named = state;
  if (positions_) named.positions = positions_->settled(state.site, position_ledger::clock::now());
  states_.pass(named, then);
}

domain::result<void> log_outbox::put_state(const domain::site_state& state,
                                           ports::acknowledgement then) {
  return out_.publish_or_keep(messages::sites_topic, state.site.text(), messages::encode(state),
                              noted(std::move(then)));
}

domain::result<void> log_outbox::claim(const domain::site_state& state,
                                       actors::kept_listener then) {
  return out_.publish(messages::sites_topic, state.site.text(), messages::encode(state),
                      without_place(std::move(then)));
}

domain::result<void> log_outbox::send(const domain::driver_request& request,
                                      actors::kept_listener then) {
  return out_.publish(messages::requests_topic, request.site.text(), messages::encode(request),
                      without_place(std::move(then)));
}

domain::result<void> log_outbox::flush(domain::microseconds patience) {
  auto verdict = out_.flush(patience);
  // States that waited for what has come into the log meanwhile.
  return verdict ? out_.flush(patience) : verdict;
}

void log_outbox::drop_kept(const std::string& key) {
  gate_.forget(key);
  states_.forget(domain::site_id{key},
                 {domain::errc::conflict, "another engine node holds " + key});
  out_.drop_kept(key);
}

} // namespace busbar::node
