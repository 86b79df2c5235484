#include "adapters/store/event_rows.hpp"

#include "adapters/store/query_text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace busbar::adapters::store {

namespace {

using sqlite::database;
using sqlite::statement;

ports::archived_event event_of(const statement& row) {
  ports::archived_event read;
  read.number = row.number(0);
  auto& event = read.event;
  event.at = instant_of(row.number(1));
  event.site = domain::site_id{row.text(2)};
  event.speaker = static_cast<domain::speaker>(row.number(3));
  event.level = static_cast<domain::severity>(row.number(4));
  event.kind = row.text(5);
  event.subject = row.text(6);
  event.text = row.text(7);
  event.caused_by = {static_cast<domain::cause_kind>(row.number(8)), row.text(9)};
  return read;
}

condition_list conditions_of(const ports::event_query& wanted) {
  condition_list all;
  if (wanted.from) all.add("at >= ?", number_of(*wanted.from));
  if (wanted.to) all.add("at < ?", number_of(*wanted.to));
  if (wanted.after) all.add("number > ?", *wanted.after);
  if (wanted.site) all.add("site = ?", *wanted.site);
  if (wanted.kind) all.add("kind = ?", *wanted.kind);
  if (wanted.speaker) all.add("speaker = ?", static_cast<std::int64_t>(*wanted.speaker));
  if (wanted.level) all.add("level >= ?", static_cast<std::int64_t>(*wanted.level));
  if (wanted.part) all.add("instr(lower(subject || char(10) || text), lower(?)) > 0", *wanted.part);
  if (wanted.sites) all.add_sites(*wanted.sites);
  return all;
}

} // namespace

std::int64_t digest_of(const domain::event& event) {
  std::uint64_t digest = 14'695'981'039'346'656'037ULL;
  const auto add = [&digest](std::string_view text) {
    for (const unsigned char byte : text) digest = (digest ^ byte) * 1'099'511'628'211ULL;
    // No text has this byte: where one ends counts.
    digest = (digest ^ 0xFFU) * 1'099'511'628'211ULL;
  };
  add(event.site.text());
  add(name_of(event.speaker));
  add(event.kind);
  add(event.subject);
  add(event.text);
  return static_cast<std::int64_t>(digest);
}

domain::result<bool> take_event(database& store, const domain::event& event) {
  const auto added =
      statement{store, "INSERT OR IGNORE INTO events (at, digest, site, speaker, level, kind, "
                       "subject, text, cause_kind, cause) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"}
          .bind(number_of(event.at)).bind(digest_of(event)).bind(event.site.text())
          .bind(static_cast<std::int64_t>(event.speaker))
          .bind(static_cast<std::int64_t>(event.level)).bind(event.kind).bind(event.subject)
          .bind(event.text).bind(static_cast<std::int64_t>(event.caused_by.kind))
          .bind(event.caused_by.name).run();
  if (!added) return added.failure();
  return store.changed_rows() == 1;
}

domain::result<std::vector<ports::archived_event>>
read_events(database& store, const ports::event_query& wanted) {
  const auto conditions = conditions_of(wanted);
  const auto sql = "SELECT number, at, site, speaker, level, kind, subject, text, cause_kind, "
                   "cause FROM events" + conditions.text() + " ORDER BY number LIMIT ?";
  statement asked{store, sql.c_str()};
  conditions.bind(asked);
  asked.bind(static_cast<std::int64_t>(std::min(wanted.limit, ports::archive::events_max)));
  std::vector<ports::archived_event> found;
  while (asked.step()) found.push_back(event_of(asked));
  if (asked.failure()) return *asked.failure();
  return found;
}

domain::result<std::uint64_t> forget_events(database& store, domain::instant end,
                                            std::size_t count) {
  auto gone = statement{store, "DELETE FROM events WHERE number IN (SELECT number FROM events "
                               "WHERE at < ? ORDER BY at LIMIT ?)"}
                  .bind(number_of(end)).bind(static_cast<std::int64_t>(count)).run();
  if (!gone) return gone.failure();
  return static_cast<std::uint64_t>(store.changed_rows());
}

} // namespace busbar::adapters::store
