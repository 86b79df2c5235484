#include "node/gateway_loop.hpp"

#include "messages/codec.hpp"
#include "messages/dead_letters.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/shard_count.hpp"
#include "node/wall_clock.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::node {

namespace {

using domain::microseconds;

constexpr std::size_t records_at_once = 512;
/// Between two tries when the log takes nothing more.
constexpr microseconds full_pause{std::chrono::milliseconds{20}};
/// A broker takes seconds for it; without it the gateway starts all the same and catches up.
constexpr microseconds subscribes_within{std::chrono::seconds{5}};
/// What does not get through in this time is lost with the process.
constexpr microseconds flush_patience{std::chrono::milliseconds{500}};

} // namespace

domain::result<void> gateway_loop::start(std::shared_ptr<ports::event_log> log,
                                         gateway_settings settings) {
  settings_ = std::move(settings);
  log_ = std::move(log);
  if (auto opened = open(*log_); !opened) return opened;
  subscribe();
  // Without it the gateway catches up with the next state that the engine writes.
  if (const auto states = log_->read_all(messages::sites_topic, subscribes_within))
    take_states(states.value());
  read_owners();
  shall_stop_ = false;
  thread_ = std::thread{[this] { run(); }};
  return {};
}

domain::result<void> gateway_loop::open(ports::event_log& log) {
  const auto shards = open_shards(log, settings_.shards);
  if (!shards) return shards.failure();
  auto producer = log.producer();
  if (!producer) return producer.failure();
  ports::consumer_settings wanted;
  wanted.group = settings_.group;
  wanted.member = settings_.group + "-1";
  wanted.from_beginning = settings_.from_beginning;
  wanted.topics = {messages::commands_topic, messages::sessions_topic, messages::sites_topic,
                   messages::owners_topic};
  auto consumer = log.consumer(std::move(wanted));
  if (!consumer) return consumer.failure();
  out_ = std::make_unique<publisher>(std::move(producer.value()));
  input_ = std::move(consumer.value());
  return {};
}

void gateway_loop::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
  input_.reset();
  out_.reset();
}

/// Waits until partitions are assigned, so that no command from now on is missed.
void gateway_loop::subscribe() {
  const auto deadline = wall_clock() + subscribes_within;
  while (input_->assignment().empty() && wall_clock() < deadline)
    for (const auto& record : input_->poll(records_at_once, full_pause)) deliver(record);
}

/// What the changelog tells of each site: the newest state of `records` stands.
void gateway_loop::take_states(const std::vector<ports::record>& records) {
  for (const auto& record : records)
    if (served_.has(record.key)) deliver_to(record);
}

void gateway_loop::run() {
  auto next_step = wall_clock();
  while (!shall_stop_ && !input_->ended()) {
    const bool has_heard = listen(next_step);
    const auto now = wall_clock();
    if (has_heard || now >= next_step) step(now);
    while (next_step <= now) next_step += settings_.step_every;
  }
  static_cast<void>(out_->flush(flush_patience));
  lost_ = input_->ended();
  if (lost_ && settings_.on_lost) settings_.on_lost();
}

/// Waits for records until `deadline` at most; true when something has come.
bool gateway_loop::listen(domain::instant deadline) {
  const auto rest = deadline - wall_clock();
  const auto patience = out_->kept() > 0 ? std::min<microseconds>(rest, full_pause) : rest;
  const auto records = input_->poll(records_at_once, std::max(patience, microseconds{0}));
  for (const auto& record : records) deliver(record);
  return !records.empty();
}

void gateway_loop::deliver(const ports::record& record) {
  if (record.key.empty())
    return refuse(record, {domain::errc::missing_field, "the record has no key"});
  if (record.place.topic == messages::owners_topic) return take_owner(record);
  if (record.place.topic == messages::commands_topic && messages::is_fence(record))
    return take_fence(record);
  if (record.place.topic == messages::sessions_topic && messages::is_owner_mark(record))
    return take_mark(record);
  if (served_.has(record.key)) deliver_to(record);
  else ++counters_.foreign;
}

void gateway_loop::deliver_to(const ports::record& record) {
  const auto now = wall_clock();
  if (record.place.topic == messages::sites_topic) {
    auto state = messages::decode_record(record, messages::decode_site_state);
    if (state) served_.take(record.key, std::move(state.value()));
    else refuse(record, state.failure());
  } else if (record.place.topic == messages::commands_topic) {
    deliver_commands(record);
  } else {
    const auto fact = messages::decode_record(record, messages::decode_session_fact);
    if (fact && !facts_.admits(record)) ++counters_.unfenced_facts;
    else if (fact) served_.take(record.key, fact.value(), now);
    else refuse(record, fact.failure());
  }
}

void gateway_loop::deliver_commands(const ports::record& record) {
  const auto batch = messages::decode_record(record, messages::decode_commands);
  if (!batch) return refuse(record, batch.failure());
  const auto shard = record.place.partition;
  const auto named = messages::fence_named_by(record);
  if (gate_.shall_ask(shard, named, record.offset)) read_owners();
  if (!gate_.admits(shard, named)) {
    ++counters_.unfenced;
    return;
  }
  served_.take(record.key, batch.value(), wall_clock());
}

void gateway_loop::take_mark(const ports::record& record) {
  const auto mark = messages::owner_of(record);
  if (mark) facts_.take_mark(mark.value());
  else refuse(record, mark.failure());
}

void gateway_loop::take_fence(const ports::record& record) {
  const auto fence = messages::fence_of(record);
  if (fence) gate_.take_fence(record.place.partition, record.offset);
  else refuse(record, fence.failure());
}

/// A deleted row says nothing of the shard.
void gateway_loop::take_owner(const ports::record& record) {
  if (record.value == nullptr) return;
  const auto row = messages::owner_of(record);
  if (row) gate_.take_owner(row.value());
  else refuse(record, row.failure());
}

void gateway_loop::refuse(const ports::record& record, const domain::error& why) {
  ++counters_.unreadable;
  const auto letter = messages::letter_about(record, why, wall_clock());
  out_->publish_or_drop(messages::dead_letters_topic, record.key, messages::encode(letter));
}

/// A fence and its row that were written while the gateway subscribed are in the table alone.
void gateway_loop::read_owners() {
  const auto owners = log_->read_all(messages::owners_topic, subscribes_within);
  if (!owners) return;
  for (const auto& row : owners.value()) take_owner(row);
}

void gateway_loop::step(domain::instant now) {
  ++counters_.steps;
  served_.step(now, *out_);
  out_->retry();
  counters_.dropped = out_->dropped();
  counters_.refused = out_->refused();
}

} // namespace busbar::node
