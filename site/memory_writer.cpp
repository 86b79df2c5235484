#include "site/memory_writer.hpp"

#include "site/part_bytes.hpp"
#include "site/site_start.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

namespace {

domain::session_id session_of(const connector_row& row) {
  return row.session.open() ? row.session.open()->id : domain::session_id{};
}

std::vector<std::uint8_t> parts_of(const table_rows& table, domain::instant now) {
  std::vector<std::uint8_t> bytes;
  const std::int64_t base = now.time_since_epoch().count();
  part_writer{bytes, {}}(base);
  part_writer out{bytes, now};
  out(table.is_site_safe, table.checked_at);
  out.rows(table.stations);
  out.rows(table.talks);
  for (const auto& row : table.connectors)
    out(session_of(row), row.observed, row.vehicle, row.ledger.facts(), row.commands, row.session,
        row.because);
  return bytes;
}

/// Its numbers are those of commands of that epoch (`first_number`).
bool is_of(const ledger_facts& told, domain::epoch owner) {
  return told.numbers.last >= first_number(owner);
}

void read_row(part_reader& in, connector_row& row, domain::connector_index connector,
              domain::epoch owner) {
  domain::session_id session;
  ledger_facts told;
  command_deadlines commands;
  in(session, row.observed, row.vehicle, told, commands, row.session, row.because);
  if (in.has_failed()) return;
  const bool is_same = row.ledger.restore(told, connector);
  // Answers to commands of an epoch before may never come: the connector is commanded at once.
  if (is_same && is_of(told, owner)) row.commands = commands;
  else row.commands.take_over(commands);
  if (session != session_of(row)) row.vehicle.forget_vehicle();
  // Where its stop was on its way the next reading asks for the register anew.
  const bool awaits_reading = session_watch{row.session}.take_heard_again(domain::instant::max());
  if (row.session.bill_waits() && !awaits_reading)
    row.session.heard_until(row.observed.heard_at());
}

} // namespace

bay_memory memory_of(const table_rows& table, domain::instant now) {
  bay_memory memory;
  const auto& connectors = table.layout->bays[table.bay].connectors;
  for (std::size_t i = 0; i < table.connectors.size(); ++i) {
    const auto& row = table.connectors[i];
    // The last number of any command, so that a successor goes on above it.
    if (row.ledger.facts().numbers.last != 0)
      memory.told.push_back(row.ledger.state(connectors[i]));
    if (const auto& billed = row.session.bill_waits()) memory.unsettled.push_back(*billed);
    if (!row.session.open()) continue;
    auto session = *row.session.open();
    session.register_now_wh =
        std::max(session.register_now_wh, row.observed.newest().energy_wh);
    memory.sessions.push_back(std::move(session));
  }
  memory.profiles = table.profiles.all();
  for (const auto& each : table.reservations)
    if (each.until > now) memory.reservations.push_back(each);
  memory.parts = parts_of(table, now);
  return memory;
}

void read_parts(std::span<const std::uint8_t> parts, table_rows& table, domain::epoch owner) {
  std::int64_t base = 0;
  domain::stream_reader head{parts};
  base = head.signed_number();
  part_reader in{head.rest(), domain::instant{domain::microseconds{base}}};
  in(table.is_site_safe, table.checked_at);
  in.rows(table.stations);
  in.rows(table.talks);
  const auto& connectors = table.layout->bays[table.bay].connectors;
  for (std::size_t i = 0; i < table.connectors.size() && !in.has_failed(); ++i)
    read_row(in, table.connectors[i], connectors[i], owner);
}

} // namespace busbar::site
