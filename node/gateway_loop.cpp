#include "node/gateway_loop.hpp"

#include "messages/codec.hpp"
#include "messages/dead_letters.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"
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
  if (auto opened = open(*log); !opened) return opened;
  subscribe();
  // Without it the gateway catches up with the next state that the engine writes.
  if (const auto states = log->read_all(messages::sites_topic, subscribes_within))
    take_states(states.value());
  shall_stop_ = false;
  thread_ = std::thread{[this] { run(); }};
  return {};
}

domain::result<void> gateway_loop::open(ports::event_log& log) {
  auto ensured = log.ensure_topics(messages::all_topics(settings_.partitions));
  if (!ensured) return ensured;
  auto producer = log.producer();
  if (!producer) return producer.failure();
  ports::consumer_settings wanted;
  wanted.group = settings_.group;
  wanted.member = settings_.group + "-1";
  wanted.from_beginning = settings_.from_beginning;
  wanted.topics = {messages::commands_topic, messages::sessions_topic, messages::sites_topic};
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
    const auto batch = messages::decode_record(record, messages::decode_commands);
    if (batch) served_.take(record.key, batch.value(), now);
    else refuse(record, batch.failure());
  } else {
    const auto fact = messages::decode_record(record, messages::decode_session_fact);
    if (fact) served_.take(record.key, fact.value(), now);
    else refuse(record, fact.failure());
  }
}

void gateway_loop::refuse(const ports::record& record, const domain::error& why) {
  ++counters_.unreadable;
  const auto letter = messages::letter_about(record, why, wall_clock());
  out_->publish_or_drop(messages::dead_letters_topic, record.key, messages::encode(letter));
}

void gateway_loop::step(domain::instant now) {
  ++counters_.steps;
  served_.step(now, *out_);
  out_->retry();
  counters_.dropped = out_->dropped();
  counters_.refused = out_->refused();
}

} // namespace busbar::node
