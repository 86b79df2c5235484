#include "site/command_channel.hpp"

#include "domain/events/stations.hpp"
#include "domain/events/supervision.hpp"

#include <cassert>
#include <utility>

namespace busbar::site {

const domain::station& command_channel::station() const {
  return terms_.site->stations[station_.value()];
}

connector_notes& command_channel::notes_of(domain::connector_index connector) const {
  const auto place = connector.value() - station().first_connector.value();
  assert(place < notes_.size());
  return notes_[place];
}

std::size_t command_channel::place_of(const connector_notes& notes) const {
  return static_cast<std::size_t>(&notes - notes_.data());
}

domain::connector_index command_channel::connector_of(const connector_notes& notes) const {
  const auto place = static_cast<std::uint32_t>(place_of(notes));
  return domain::connector_index{station().first_connector.value() + place};
}

domain::command& command_channel::issue(station_effects& out, connector_notes& notes,
                                        domain::command_kind kind) const {
  auto& command = out.commands.emplace_back();
  command.connector = connector_of(notes);
  command.kind = kind;
  command.number = ++notes.number;
  return command;
}

domain::command& command_channel::grant(station_effects& out, connector_notes& notes,
                                        domain::milliamperes current, bool is_export) const {
  auto& command = issue(out, notes, domain::command_kind::grant);
  command.when_lost = station().told_when_lost;
  command.current = current;
  command.is_export = is_export;
  command.lease = terms_.site->lease;
  return command;
}

bool command_channel::acquire(station_effects& out, domain::instant now) const {
  std::optional<control::safety::breaker_change> change;
  const bool is_permitted = book_.commands.acquire(terms_.breaker_of(station_), now, &change);
  say(out, change);
  return is_permitted;
}

bool command_channel::would_permit(domain::instant now) const {
  return book_.commands.would_permit(terms_.breaker_of(station_), now);
}

void command_channel::count(station_effects& out, bool has_succeeded, domain::microseconds took,
                            domain::instant now) const {
  say(out, book_.commands.record(terms_.breaker_of(station_), now, has_succeeded, took));
}

void command_channel::reports_again(station_effects& out, domain::instant now) const {
  say(out, book_.commands.allow_probes(now));
}

void command_channel::say(station_effects& out,
                          const std::optional<control::safety::breaker_change>& change) const {
  if (!change) return;
  out.is_breaker_changed = true;
  out.events.push_back(domain::events::breaker_moved({terms_.site->id, change->at},
                                                     station().id.text(), "command channel",
                                                     change->from, change->to));
}

/// Its command is tried again and again: one event for all of them.
void command_channel::say_unanswered(station_effects& out, connector_notes& notes,
                                     const station_notice& notice) const {
  if (std::exchange(notes.is_unanswered, true)) return;
  out.events.push_back(domain::events::command_unanswered(
      {terms_.site->id, notice.now}, domain::events::names_of(*terms_.site, notice.connector),
      notice.number, notice.took));
}

} // namespace busbar::site
