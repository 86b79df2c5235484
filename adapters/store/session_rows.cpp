#include "adapters/store/session_rows.hpp"

#include "adapters/store/query_text.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::store {

namespace {

using domain::session_fact;
using domain::session_fact_kind;
using sqlite::database;
using sqlite::statement;

constexpr const char* columns =
    "place, session, request, site, station, connector, driver, kind, began_at, at, power_w, "
    "energy_wh, cost_micro, why, energy_wanted_wh, departs_at, register_start_wh, "
    "register_now_wh, is_bill_open, is_settled ";

std::string key_of(const session_fact& fact) {
  // A request that is denied may name a session that goes on.
  return fact.kind == session_fact_kind::denied
             ? "denied " + fact.request.text() + " " + fact.station.text() + " " +
                   std::to_string(number_of(fact.at))
             : fact.session.text();
}

std::optional<std::int64_t> number_or_none(const statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional{row.number(column)};
}

session_row row_of(const statement& row) {
  session_row read;
  read.session.place = row.number(0);
  auto& fact = read.session.fact;
  fact.session = domain::session_id{row.text(1)};
  fact.request = domain::request_id{row.text(2)};
  fact.site = domain::site_id{row.text(3)};
  fact.station = domain::station_id{row.text(4)};
  if (!row.is_null(5)) fact.connector = domain::connector_id{row.text(5)};
  fact.driver = domain::driver_id{row.text(6)};
  fact.kind = static_cast<session_fact_kind>(row.number(7));
  if (const auto began = number_or_none(row, 8)) fact.began_at = instant_of(*began);
  fact.at = instant_of(row.number(9));
  fact.power = domain::watts{row.number(10)};
  fact.energy = domain::watt_hours{row.number(11)};
  fact.cost = domain::micro_currency{row.number(12)};
  fact.why = row.text(13);
  if (const auto wanted = number_or_none(row, 14)) fact.energy_wanted = domain::watt_hours{*wanted};
  if (const auto departs = number_or_none(row, 15)) fact.departs_at = instant_of(*departs);
  fact.register_start_wh = number_or_none(row, 16);
  fact.register_now_wh = number_or_none(row, 17);
  fact.is_bill_open = row.number(18) != 0;
  read.is_settled = row.number(19) != 0;
  return read;
}

void bind_maybe(statement& to, const std::optional<std::int64_t>& number) {
  if (number) to.bind(*number);
  else to.bind_null();
}

std::optional<std::int64_t> number_if_any(const std::optional<domain::instant>& at) {
  return at ? std::optional{number_of(*at)} : std::nullopt;
}

/// In the order of `columns`, from the session's id on; then what a statement adds.
void bind_row(statement& to, const session_row& row) {
  const auto& fact = row.session.fact;
  to.bind(fact.session.text()).bind(fact.request.text()).bind(fact.site.text());
  to.bind(fact.station.text());
  if (fact.connector) to.bind(fact.connector->text());
  else to.bind_null();
  to.bind(fact.driver.text()).bind(static_cast<std::int64_t>(fact.kind));
  bind_maybe(to, number_if_any(fact.began_at));
  to.bind(number_of(fact.at)).bind(fact.power.count()).bind(fact.energy.count());
  to.bind(fact.cost.count()).bind(fact.why);
  bind_maybe(to, fact.energy_wanted ? std::optional{std::int64_t{fact.energy_wanted->count()}}
                                    : std::nullopt);
  bind_maybe(to, number_if_any(fact.departs_at));
  bind_maybe(to, fact.register_start_wh);
  bind_maybe(to, fact.register_now_wh);
  to.bind(std::int64_t{fact.is_bill_open}).bind(std::int64_t{row.is_settled});
}

/// The first place from `begin` on that no session has, among those of the next 0.1 s if it can be.
domain::result<std::int64_t> free_place(database& store, std::int64_t begin) {
  constexpr std::int64_t window_us = 100'000;
  for (;;) {
    statement asked{store, "SELECT max(place) FROM sessions WHERE place >= ? AND place < ?"};
    asked.bind(begin).bind(begin + window_us);
    const bool is_there = asked.step();
    if (asked.failure()) return *asked.failure();
    if (!is_there || asked.is_null(0)) return begin;
    if (asked.number(0) < begin + window_us - 1) return asked.number(0) + 1;
    begin += window_us;
  }
}

domain::result<void> insert(database& store, session_row& row) {
  const auto& fact = row.session.fact;
  auto place = free_place(store, number_of(fact.began_at.value_or(fact.at)));
  if (!place) return place.failure();
  row.session.place = place.value();
  statement added{store, "INSERT INTO sessions (place, session, request, site, station, connector, "
                         "driver, kind, began_at, at, power_w, energy_wh, cost_micro, why, "
                         "energy_wanted_wh, departs_at, register_start_wh, register_now_wh, "
                         "is_bill_open, is_settled, key) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"};
  added.bind(row.session.place);
  bind_row(added, row);
  return added.bind(key_of(fact)).run();
}

domain::result<void> update(database& store, const session_row& row) {
  statement changed{store, "UPDATE sessions SET session = ?, request = ?, site = ?, station = ?, "
                           "connector = ?, driver = ?, kind = ?, began_at = ?, at = ?, "
                           "power_w = ?, energy_wh = ?, cost_micro = ?, why = ?, "
                           "energy_wanted_wh = ?, departs_at = ?, register_start_wh = ?, "
                           "register_now_wh = ?, is_bill_open = ?, is_settled = ? "
                           "WHERE place = ?"};
  bind_row(changed, row);
  return changed.bind(row.session.place).run();
}

/// A log that begins anew may count its sessions anew, too: one that begins later under the same
/// id is another one.
bool is_another(const session_row& before, const session_fact& fact) {
  const auto& kept = before.session.fact;
  return fact.kind == session_fact_kind::accepted && kept.began_at &&
         fact.began_at.value_or(fact.at) > *kept.began_at;
}

/// Its id belongs to the other one from now on.
domain::result<void> give_way(database& store, const session_row& before) {
  return statement{store, "UPDATE sessions SET key = key || ' ' || place WHERE place = ?"}
      .bind(before.session.place).run();
}

bool is_over(const session_fact& fact) {
  return fact.kind == session_fact_kind::completed || fact.kind == session_fact_kind::denied;
}

session_row first_of(const session_fact& fact) {
  session_row row{{0, fact}};
  auto& kept = row.session.fact;
  if (fact.kind == session_fact_kind::accepted) kept.began_at = fact.began_at.value_or(fact.at);
  if (fact.kind == session_fact_kind::settled) {
    kept.kind = session_fact_kind::completed;
    row.is_settled = true;
  } else if (!is_over(fact)) {
    kept.kind = session_fact_kind::in_progress;
  }
  return row;
}

void take_figures(session_fact& kept, const session_fact& fact) {
  kept.at = fact.at;
  kept.power = fact.power;
  kept.energy = fact.energy;
  kept.cost = fact.cost;
  if (fact.register_now_wh) kept.register_now_wh = fact.register_now_wh;
}

/// What only the first fact states, where others were read before it.
bool take_begin(session_fact& kept, const session_fact& fact) {
  if (kept.began_at) return false;
  kept.began_at = fact.began_at.value_or(fact.at);
  if (kept.request.is_empty()) kept.request = fact.request;
  if (!kept.register_start_wh) kept.register_start_wh = fact.register_start_wh;
  return true;
}

bool take_end(session_fact& kept, const session_fact& fact) {
  if (is_over(kept)) return false;
  kept.kind = session_fact_kind::completed;
  take_figures(kept, fact);
  kept.why = fact.why;
  kept.is_bill_open = fact.is_bill_open;
  return true;
}

bool take_bill(session_row& row, const session_fact& fact) {
  if (row.is_settled) return false;
  auto& kept = row.session.fact;
  row.is_settled = true;
  if (!is_over(kept)) kept.at = fact.at;
  kept.kind = session_fact_kind::completed;
  kept.energy = fact.energy;
  kept.cost = fact.cost;
  kept.is_bill_open = false;
  if (fact.register_now_wh) kept.register_now_wh = fact.register_now_wh;
  return true;
}

bool take_wish(session_fact& kept, const session_fact& fact) {
  if (is_over(kept) || fact.at < kept.at) return false;
  take_figures(kept, fact);
  kept.energy_wanted = fact.energy_wanted;
  kept.departs_at = fact.departs_at;
  return true;
}

bool take_progress(session_fact& kept, const session_fact& fact) {
  if (is_over(kept) || fact.at - kept.at < progress_every) return false;
  take_figures(kept, fact);
  return true;
}

condition_list conditions_of(const ports::session_query& wanted) {
  condition_list all;
  if (wanted.from) all.add("place >= ?", number_of(*wanted.from));
  if (wanted.to) all.add("place < ?", number_of(*wanted.to));
  if (wanted.site) all.add("site = ?", *wanted.site);
  if (wanted.driver) all.add("driver = ?", *wanted.driver);
  if (wanted.station) all.add("station = ?", *wanted.station);
  if (wanted.connector) all.add("connector = ?", *wanted.connector);
  if (wanted.session) all.add("key = ?", *wanted.session);
  if (wanted.state) all.add("kind = ?", static_cast<std::int64_t>(*wanted.state));
  if (wanted.sites) all.add_sites(*wanted.sites);
  return all;
}

} // namespace

std::optional<session_row> merged(const std::optional<session_row>& before,
                                  const session_fact& fact) {
  if (!before) return first_of(fact);
  auto row = *before;
  auto& kept = row.session.fact;
  const auto is_changed = [&] {
    switch (fact.kind) {
    case session_fact_kind::accepted: return take_begin(kept, fact);
    case session_fact_kind::in_progress: return take_progress(kept, fact);
    case session_fact_kind::changed: return take_wish(kept, fact);
    case session_fact_kind::completed: return take_end(kept, fact);
    case session_fact_kind::settled: return take_bill(row, fact);
    default: return false;
    }
  }();
  return is_changed ? std::optional{row} : std::nullopt;
}

domain::result<taken_fact> take_fact(database& store, const session_fact& fact) {
  statement asked{store, "SELECT place, session, request, site, station, connector, driver, kind, "
                         "began_at, at, power_w, energy_wh, cost_micro, why, energy_wanted_wh, "
                         "departs_at, register_start_wh, register_now_wh, is_bill_open, "
                         "is_settled FROM sessions WHERE key = ? AND site = ?"};
  asked.bind(key_of(fact)).bind(fact.site.text());
  std::optional<session_row> before;
  if (asked.step()) before = row_of(asked);
  if (asked.failure()) return *asked.failure();
  if (before && is_another(*before, fact)) {
    if (const auto given = give_way(store, *before); !given) return given.failure();
    before.reset();
  }
  auto after = merged(before, fact);
  if (!after) return taken_fact{};
  const auto written = before ? update(store, *after) : insert(store, *after);
  if (!written) return written.failure();
  taken_fact taken{!before, std::nullopt};
  if (is_over(after->session.fact)) taken.past = after->session.fact;
  return taken;
}

domain::result<ports::session_page> read_sessions(database& store,
                                                  const ports::session_query& wanted) {
  auto conditions = conditions_of(wanted);
  ports::session_page page;
  statement counted{store, ("SELECT count(*) FROM sessions" + conditions.text()).c_str()};
  conditions.bind(counted);
  if (counted.step()) page.total = static_cast<std::uint64_t>(counted.number(0));
  if (counted.failure()) return *counted.failure();
  if (wanted.before) conditions.add("place < ?", *wanted.before);
  const auto sql = std::string{"SELECT "} + columns + "FROM sessions" + conditions.text() +
                   " ORDER BY place DESC LIMIT ?";
  statement asked{store, sql.c_str()};
  conditions.bind(asked);
  asked.bind(static_cast<std::int64_t>(std::min(wanted.limit, ports::archive::sessions_max)));
  while (asked.step()) page.sessions.push_back(row_of(asked).session);
  if (asked.failure()) return *asked.failure();
  return page;
}

domain::result<std::vector<session_fact>> past_sessions(database& store, std::size_t count) {
  const auto sql = std::string{"SELECT "} + columns +
                   "FROM sessions WHERE kind IN (?, ?) ORDER BY place DESC LIMIT ?";
  statement asked{store, sql.c_str()};
  asked.bind(static_cast<std::int64_t>(session_fact_kind::completed));
  asked.bind(static_cast<std::int64_t>(session_fact_kind::denied));
  asked.bind(static_cast<std::int64_t>(count));
  std::vector<session_fact> found;
  while (asked.step()) found.push_back(row_of(asked).session.fact);
  if (asked.failure()) return *asked.failure();
  std::ranges::stable_sort(found, {}, &session_fact::at);
  return found;
}

} // namespace busbar::adapters::store
