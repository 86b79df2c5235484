#include "adapters/store/store_rows.hpp"

#include "adapters/store/event_rows.hpp"
#include "adapters/store/query_text.hpp"
#include "adapters/store/session_rows.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::adapters::store {

namespace {

using sqlite::database;
using sqlite::statement;

/// A number that the statement's only row has; nothing where it is null.
domain::result<std::optional<std::int64_t>> number_in(database& store, const char* sql) {
  statement asked{store, sql};
  const bool is_there = asked.step();
  if (asked.failure()) return *asked.failure();
  if (!is_there || asked.is_null(0)) return std::optional<std::int64_t>{};
  return std::optional{asked.number(0)};
}

domain::result<void> write_item(database& store, const log_item& item, domain::instant oldest,
                                written_batch& into) {
  if (const auto* event = std::get_if<domain::event>(&item.what)) {
    if (event->at < oldest) return {};
    const auto taken = take_event(store, *event);
    if (!taken) return taken.failure();
    into.new_events += taken.value();
  }
  if (const auto* fact = std::get_if<domain::session_fact>(&item.what)) {
    auto taken = take_fact(store, *fact);
    if (!taken) return taken.failure();
    into.new_sessions += taken.value().is_new;
    if (taken.value().past) into.past.push_back(std::move(*taken.value().past));
  }
  return {};
}

domain::result<void> write_places(database& store, const log_places& places) {
  for (const auto& [at, place] : places) {
    auto written = statement{store, "INSERT OR REPLACE INTO log_places (topic, partition, next, "
                                    "written_at, fence) VALUES (?, ?, ?, ?, ?)"}
                       .bind(at.topic).bind(std::int64_t{at.partition}).bind(place.next)
                       .bind(number_of(place.written_at))
                       .bind(static_cast<std::int64_t>(place.fence)).run();
    if (!written) return written;
  }
  return {};
}

} // namespace

domain::result<std::string> id_of(database& store) {
  statement asked{store, "SELECT value FROM about WHERE name = 'id'"};
  if (asked.step()) return asked.text(0);
  if (asked.failure()) return *asked.failure();
  return domain::error{domain::errc::malformed, "the store has no id"};
}

domain::result<void> make_new_id(database& store) {
  return store.run("UPDATE about SET value = lower(hex(randomblob(8))) WHERE name = 'id'");
}

domain::result<log_places> read_places(database& store) {
  statement asked{store, "SELECT topic, partition, next, written_at, fence FROM log_places"};
  log_places places;
  while (asked.step())
    places[{asked.text(0), static_cast<std::int32_t>(asked.number(1))}] = {
        asked.number(2), instant_of(asked.number(3)),
        static_cast<domain::epoch>(asked.number(4))};
  if (asked.failure()) return *asked.failure();
  return places;
}

domain::result<written_batch> write_items(database& store, std::span<const log_item> items,
                                          domain::instant oldest) {
  written_batch batch;
  const auto done = store.in_transaction([&]() -> domain::result<void> {
    for (const auto& each : items) {
      auto written = write_item(store, each, oldest, batch);
      if (!written) return written;
      batch.places[each.at] = each.then;
    }
    return write_places(store, batch.places);
  });
  if (!done) return done.failure();
  return batch;
}

domain::result<domain::instant> oldest_kept(database& store, std::span<const log_item> items,
                                            domain::instant now, std::int64_t days) {
  const auto stored = number_in(store, "SELECT max(at) FROM events");
  if (!stored) return stored.failure();
  auto newest = stored.value() ? instant_of(*stored.value()) : domain::instant::min();
  for (const auto& each : items)
    if (const auto* event = std::get_if<domain::event>(&each.what))
      newest = std::max(newest, event->at);
  return newest == domain::instant::min() ? newest
                                          : std::min(newest, now) - std::chrono::days{days};
}

domain::result<void> write_mark(database& store) {
  return store.run("INSERT OR REPLACE INTO about VALUES ('mark', hex(randomblob(8)))");
}

domain::result<void> read_counts(database& store, ports::archive_status& into) {
  const auto sessions = number_in(store, "SELECT count(*) FROM sessions");
  if (!sessions) return sessions.failure();
  const auto events = number_in(store, "SELECT count(*) FROM events");
  if (!events) return events.failure();
  into.sessions = static_cast<std::uint64_t>(sessions.value().value_or(0));
  into.events = static_cast<std::uint64_t>(events.value().value_or(0));
  return {};
}

domain::result<void> read_oldest(database& store, ports::archive_status& into) {
  const auto session = number_in(store, "SELECT min(place) FROM sessions");
  if (!session) return session.failure();
  const auto event = number_in(store, "SELECT min(at) FROM events");
  if (!event) return event.failure();
  into.oldest_session = into.oldest_event = std::nullopt;
  if (session.value()) into.oldest_session = instant_of(*session.value());
  if (event.value()) into.oldest_event = instant_of(*event.value());
  return {};
}

} // namespace busbar::adapters::store
