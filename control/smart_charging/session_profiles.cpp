#include "control/smart_charging/session_profiles.hpp"

#include <cassert>

namespace busbar::control::smart_charging {

std::int32_t transaction_number(const domain::session_id& session) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (const char each : session.text())
    hash = (hash ^ static_cast<std::uint8_t>(each)) * 1'099'511'628'211u;
  return static_cast<std::int32_t>((hash ^ (hash >> 31)) & 0x7FFF'FFFFu);
}

station_settings settings_of(std::size_t connectors, domain::millivolts volts,
                             std::uint8_t phases) {
  station_settings settings;
  settings.connectors = static_cast<std::int32_t>(connectors);
  settings.supply_v = (volts.count() + 999) / 1'000;
  settings.phases = phases;
  return settings;
}

session_profiles::session_profiles(station_settings settings)
    : store_(std::move(settings)),
      sessions_(static_cast<std::size_t>(store_.settings().connectors)) {}

void session_profiles::follow(std::int32_t connector, const domain::session_id& session,
                              domain::instant began) {
  assert(connector > 0 && store_.has_connector(connector));
  auto& known = sessions_[static_cast<std::size_t>(connector - 1)];
  if (known == session) return;
  store_.stop_on(connector);
  known = session;
  if (session.is_empty()) return;
  const auto number = transaction_number(session);
  const bool is_taken = store_.connector_of(number).has_value();
  store_.start(connector, is_taken ? std::nullopt : std::optional{number},
               std::chrono::floor<seconds>(began));
}

std::string session_profiles::install(std::size_t place, const domain::profile_order& order,
                                      domain::instant now) {
  const auto connector = order.is_station_wide ? 0 : static_cast<std::int32_t>(place + 1);
  const auto why = store_.set(connector, *order.installs, std::chrono::floor<seconds>(now));
  return why ? std::string{"Rejected: "} + text_of(*why) : std::string{};
}

std::string session_profiles::clear(const domain::profile_order& order) {
  return store_.clear(order.clears) > 0 ? "" : "Unknown: no profile is what it asks to clear";
}

bool session_profiles::restore(const std::vector<std::uint8_t>& memory,
                               const std::vector<domain::session_id>& sessions) {
  assert(sessions.size() == sessions_.size());
  if (!store_.restore(memory)) return false;
  for (std::size_t place = 0; place < sessions.size(); ++place) {
    const auto connector = static_cast<std::int32_t>(place + 1);
    const auto* running = store_.running(connector);
    const bool goes_on = running && !sessions[place].is_empty() &&
                         running->id.value_or(transaction_number(sessions[place])) ==
                             transaction_number(sessions[place]);
    sessions_[place] = goes_on ? sessions[place] : domain::session_id{};
    if (!goes_on) store_.stop_on(connector);
  }
  return true;
}

} // namespace busbar::control::smart_charging
