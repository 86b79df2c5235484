#include "adapters/store/log_feed.hpp"

#include "domain/events/history.hpp"
#include "domain/events/sessions.hpp"
#include "messages/codec.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

namespace busbar::adapters::store {

namespace {

constexpr std::chrono::milliseconds rest_each{20};

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

} // namespace

log_feed::log_feed(std::shared_ptr<ports::event_log> log, archive_room& room,
                   std::string name)
    : log_(std::move(log)), room_(room), name_(std::move(name)) {}

void log_feed::start() {
  thread_ = std::thread{[this] { run(); }};
}

void log_feed::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void log_feed::run() {
  while (!shall_stop_.load(std::memory_order_relaxed)) guarded([this] { step(); });
  guarded([this] {
    for (int polls = 0; input_ && polls < last_polls_max && read(); ++polls) commit();
    publish_told();
  });
  input_.reset();
}

template <class Work> void log_feed::guarded(Work work) {
  std::string why;
  try {
    return work();
  } catch (const std::exception& failure) {
    why = failure.what();
  } catch (...) {
    why = "something was thrown that is no error";
  }
  // What was read and not taken is read again by the next reader.
  input_.reset();
  try {
    room_.note_feed("the log cannot be read: " + why);
  } catch (...) {
    // No memory even for that: the next try says it.
  }
  rest();
}

void log_feed::step() {
  publish_told();
  const auto now = room_.begin_reading();
  const bool is_of_now = now && now->id == from_.id && room_.has_room();
  if (input_ && !is_of_now) input_.reset();
  if (!input_ && !open()) return rest();
  read();
  commit();
  room_.note_feed({});
}

/// False: there is nothing to read for, or no log to read from.
bool log_feed::open() {
  auto from = room_.begin_reading();
  if (!from || !room_.has_room()) return false;
  ports::consumer_settings wanted;
  wanted.group = "busbar-store-" + name_ + "-" + from->id;
  wanted.topics = {messages::sessions_topic, messages::events_topic};
  wanted.from_beginning = true;
  auto made = log_->consumer(std::move(wanted));
  if (!made) return false;
  input_ = std::move(made.value());
  from_ = std::move(*from);
  gate_ = {};
  for (const auto& [at, place] : from_.places)
    if (at.topic == messages::sessions_topic) gate_.restore(at.partition, place.fence);
  return true;
}

bool log_feed::read() {
  const auto records = input_->poll(records_max, poll_patience);
  std::vector<log_item> items;
  std::uint64_t missed = 0;
  for (const auto& record : records) {
    missed += missed_before(record);
    mind_another_log(record);
    items.push_back(item_of(record));
    from_.places[record.place] = items.back().then;
  }
  const bool is_more = !items.empty();
  // What was not taken is read again by the next reader.
  if (is_more && !room_.put(from_.id, std::move(items))) input_.reset();
  if (!input_) return false;
  const auto found = input_->statistics();
  const auto lag = found.find("lag_records");
  room_.change([&](auto& shared) {
    if (lag != found.end())
      shared.status.lag = static_cast<std::uint64_t>(std::max(lag->second, 0.0));
    shared.status.missed += missed;
  });
  if (missed > 0)
    room_.tell(domain::events::store_missed({{}, now()}, room_.status().path, missed));
  return is_more;
}

std::uint64_t log_feed::missed_before(const ports::record& record) const {
  const auto known = from_.places.find(record.place);
  const bool is_gap = known != from_.places.end() && record.offset > known->second.next;
  return is_gap ? static_cast<std::uint64_t>(record.offset - known->second.next) : 0;
}

/// Another log than that of before has fences of its own.
void log_feed::mind_another_log(const ports::record& record) {
  const auto known = from_.places.find(record.place);
  if (known == from_.places.end() || record.place.topic != messages::sessions_topic) return;
  const auto& place = known->second;
  if (record.offset < place.next && record.written_at > place.written_at)
    gate_.restore(record.place.partition, 0);
}

log_item log_feed::item_of(const ports::record& record) {
  log_item item{record.place, {record.offset + 1, record.written_at, 0}, {}};
  if (record.place.topic == messages::events_topic) {
    auto event = messages::decode_record(record, messages::decode_event);
    if (event && !domain::events::is_progress(event.value())) item.what = std::move(event.value());
    return item;
  }
  if (messages::is_owner_mark(record)) {
    if (const auto mark = messages::owner_of(record)) gate_.take_mark(mark.value());
  } else {
    auto fact = messages::decode_record(record, messages::decode_session_fact);
    if (fact && gate_.admits(record)) item.what = std::move(fact.value());
  }
  item.then.fence = gate_.newest(record.place.partition);
  return item;
}

void log_feed::commit() {
  for (const auto& [at, place] : room_.take_written())
    // A partition that this reader does not have now is read again, and changes nothing.
    if (input_) static_cast<void>(input_->commit(at, place.next - 1));
}

void log_feed::publish_told() {
  const auto told = room_.take_told();
  if (told.empty()) return;
  if (!output_) {
    auto made = log_->producer();
    if (!made) return;
    output_ = std::move(made.value());
  }
  for (const auto& each : told)
    static_cast<void>(
        output_->publish(messages::events_topic, each.site.text(), messages::encode(each)));
}

void log_feed::rest() {
  for (auto left = poll_patience; left.count() > 0 && !shall_stop_; left -= rest_each)
    std::this_thread::sleep_for(rest_each);
}

} // namespace busbar::adapters::store
