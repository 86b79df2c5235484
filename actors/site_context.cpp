#include "actors/site_context.hpp"

#include "actors/site_parts.hpp"
#include "domain/events/stations.hpp"
#include "site/part_memory.hpp"
#include "site/site_start.hpp"
#include "site/station_talk.hpp"

#include <algorithm>

namespace busbar::actors {

namespace {

domain::error out_of_range(const char* member, std::int64_t value, const char* allowed) {
  return {domain::errc::out_of_range, std::string{"site "} + member + ": " +
                                          std::to_string(value) + " is not " + allowed};
}

domain::error unknown_place(const char* what, std::uint32_t place, std::size_t size) {
  return {domain::errc::unknown_reference, std::string{what} + " " + std::to_string(place) +
                                               ", the site has " + std::to_string(size)};
}

void say_profiles_lost(const site_context& context, domain::station_index station,
                       domain::instant now) {
  if (context.counters) context.counters->publishing.profiles_lost.add();
  if (!context.out) return;
  const auto& site = *context.layout->site;
  static_cast<void>(context.out->send(
      domain::events::profiles_lost({site.id, now}, site.stations[station.value()].id)));
}

} // namespace

domain::result<void> validate(const site_settings& settings) {
  const auto& table = settings.table;
  if (table.answer_within.count() <= 0)
    return out_of_range("answer_within", table.answer_within.count(), "> 0 us");
  if (table.progress_every.count() <= 0)
    return out_of_range("progress_every", table.progress_every.count(), "> 0 us");
  if (table.monitor_failures < 1)
    return out_of_range("monitor_failures", table.monitor_failures, ">= 1");
  if (settings.restarts.intensity > control::safety::restart_budget::intensity_max)
    return out_of_range("restart intensity", settings.restarts.intensity, "0..16");
  if (settings.branch_silence_max <= domain::seconds{1})
    return out_of_range("branch_silence_max", settings.branch_silence_max.count(), "> 1000000 us");
  if (settings.station_silence_max <= domain::seconds{1})
    return out_of_range("station_silence_max", settings.station_silence_max.count(),
                        "> 1000000 us");
  if (settings.safe_for.count() <= 0)
    return out_of_range("safe_for", settings.safe_for.count(), "> 0 s");
  return control::safety::validate(settings.breaker);
}

domain::result<void> validate(const domain::site_state& state, const domain::site& site) {
  const auto connectors = site.connectors.size(), stations = site.stations.size();
  for (const auto& each : state.told)
    if (each.connector.value() >= connectors)
      return unknown_place("told: connector", each.connector.value(), connectors);
  for (const auto& each : state.sessions)
    if (each.connector.value() >= connectors)
      return unknown_place("sessions: connector", each.connector.value(), connectors);
  for (const auto& each : state.unsettled)
    if (each.connector.value() >= connectors)
      return unknown_place("unsettled: connector", each.connector.value(), connectors);
  for (const auto& each : state.profiles)
    if (each.station.value() >= stations)
      return unknown_place("profiles: station", each.station.value(), stations);
  for (const auto& each : state.reservations)
    if (each.station.value() >= stations)
      return unknown_place("reservations: station", each.station.value(), stations);
  return {};
}

site_context::site_context(std::shared_ptr<const site_layout> site, domain::epoch owner,
                           const site_settings& chosen)
    : layout(std::move(site)), settings(chosen), desk(layout, settings.breaker),
      watches(layout, {settings.branch_silence_max, settings.station_silence_max}) {
  terms = site::terms_of(layout->site, owner, settings.breaker);
  for (std::size_t i = 0; i < layout->bays.size(); ++i)
    tables.emplace_back(layout, static_cast<bay_index>(i),
                        with(settings.table, settings.breaker));
  for (std::size_t i = 0; i < layout->site->stations.size(); ++i) notebooks.emplace_back();
  notes.resize(layout->site->connectors.size());
  for (auto& connector : notes) connector.number = site::first_number(owner);
  last_stop_ = site::first_number(owner);
}

std::span<connector_notes> site_context::notes_of(domain::station_index station) {
  const auto& data = layout->site->stations.at(station.value());
  return std::span{notes}.subspan(data.first_connector.value(), data.connector_count);
}

void site_context::restore_profiles(const domain::station_profiles& kept, domain::instant now) {
  using control::smart_charging::profile_book;
  auto book = site::profiles_of(*layout, kept, notes);
  if (!book) return say_profiles_lost(*this, kept.station, now);
  if (views)
    views->publish(layout->site->id, kept.station, std::make_shared<const profile_book>(*book));
  notebooks[kept.station.value()].borrow()->profiles = std::move(book);
}

void site_context::begin_recording(domain::instant now, bool is_exact) const {
  if (!recording.to) return;
  recording.to->begin({layout, terms.owner, settings.table, settings.breaker,
                       settings.decision_every, recording.restored, true, is_exact, now});
}

void site_context::restore(const domain::site_state& state, domain::instant now) {
  if (recording.to) recording.restored = std::make_shared<const domain::site_state>(state);
  const auto parts = site::sections_of(state, *layout->site, tables.size());
  for (std::size_t i = 0; i < tables.size(); ++i)
    tables[i].borrow()->restore(state, parts ? parts->bays[i] : std::vector<std::uint8_t>{});
  site::restore_sessions(state, notes);
  for (const auto& each : state.reservations)
    notebooks[each.station.value()].borrow()->reserved = site::reservation_of(each);
  for (std::size_t i = 0; i < notebooks.size(); ++i) {
    const domain::station_index station{i};
    const auto& row = layout->stations[i];
    site::read_talk(tables[row.bay].borrow()->rows().talks[row.row], *notebooks[i].borrow(),
                    notes_of(station));
  }
  for (const auto& kept : state.profiles) restore_profiles(kept, now);
  desk.borrow()->restore(state);
}

} // namespace busbar::actors
