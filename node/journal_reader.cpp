#include "node/journal_reader.hpp"

#include "messages/codec.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"
#include "node/journal.hpp"

#include <chrono>
#include <utility>

namespace busbar::node {

namespace {

/// Told by stations, monitors or drivers: what a node tells itself is written as it is sent.
bool is_of_others(const domain::event& event) {
  return event.speaker != domain::speaker::central && event.speaker != domain::speaker::log;
}

} // namespace

journal_reader::journal_reader(node_frame& frame)
    : frame_(frame), history_(frame.settings.history ? frame.settings.history
                                                     : std::make_shared<ring_journal>()) {}

domain::result<void> journal_reader::open() {
  if (!frame_.settings.with_journal) return {};
  ports::consumer_settings told;
  told.group = "busbar-journal-" + frame_.settings.name;
  told.member = frame_.settings.name;
  told.topics = {messages::events_topic, messages::sessions_topic};
  auto reader = frame_.log->consumer(std::move(told));
  if (!reader) return reader.failure();
  input_ = std::move(reader.value());
  return {};
}

void journal_reader::start() {
  thread_ = std::thread{[this] { loop(); }};
}

void journal_reader::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void journal_reader::loop() {
  constexpr domain::seconds check_every{1};
  auto checked_at = wall_clock() - check_every;
  while (!shall_stop_.load(std::memory_order_relaxed)) {
    read();
    frame_.out->retry();
    if (wall_clock() - checked_at < check_every) continue;
    checked_at = wall_clock();
    if (frame_.settings.sinks.tell_withheld) frame_.settings.sinks.tell_withheld(checked_at);
    read_statistics();
  }
}

void journal_reader::read() {
  constexpr std::chrono::milliseconds patience{50};
  if (!input_) return std::this_thread::sleep_for(patience);
  for (const auto& record : input_->poll(1'000, patience)) {
    frame_.counters->publishing.journal_entries.add();
    if (record.place.topic == messages::events_topic) take_event(record);
    else if (messages::is_owner_mark(record)) take_mark(record);
    else take_fact(record);
  }
}

void journal_reader::take_event(const ports::record& record) {
  auto event = messages::decode_record(record, messages::decode_event);
  if (!event) return refuse(frame_, record, event.failure());
  const auto& sinks = frame_.settings.sinks;
  if (sinks.audit) sinks.audit(event.value());
  if (sinks.line && is_of_others(event.value())) sinks.line(event.value());
  history_->add(std::move(event.value()));
}

void journal_reader::take_mark(const ports::record& record) {
  const auto mark = messages::owner_of(record);
  if (mark) facts_.take_mark(mark.value());
  else refuse(frame_, record, mark.failure());
}

void journal_reader::take_fact(const ports::record& record) {
  auto fact = messages::decode_record(record, messages::decode_session_fact);
  if (!fact) return refuse(frame_, record, fact.failure());
  if (!facts_.admits(record)) return;
  history_->add(std::move(fact.value()));
}

void journal_reader::read_statistics() {
  auto statistics = frame_.out->producer().statistics();
  statistics["facts_unfenced_total"] = static_cast<double>(facts_.dropped());
  statistics["kept"] = static_cast<double>(frame_.out->kept());
  const std::lock_guard lock{guard_};
  statistics_ = std::move(statistics);
}

ports::log_statistics journal_reader::statistics() const {
  const std::lock_guard lock{guard_};
  return statistics_;
}

} // namespace busbar::node
