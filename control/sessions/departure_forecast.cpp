#include "control/sessions/departure_forecast.hpp"

#include "control/limits/node_voltage.hpp"

#include <algorithm>

namespace busbar::control::sessions {

using domain::instant;
using domain::seconds;
using domain::watt_hours;
using domain::watts;

namespace {

constexpr seconds said_after{60};
constexpr seconds turns_remembered{3'600};
constexpr seconds takes_less_after{60};
/// What vehicles leave of their grant anyhow; less than what reclaiming leaves them above it.
constexpr domain::milliamperes left_anyhow{1'000};
constexpr watt_hours said_from{100};
constexpr std::int64_t said_from_percent = 1;

/// The smallest shortfall that is said of what is wanted.
watt_hours threshold_of(watt_hours wanted) {
  const auto part = limits::ceil_of(limits::wide{wanted.count()} * said_from_percent, 100);
  return std::max(said_from, watt_hours{static_cast<std::int64_t>(part)});
}

bool has_said_both(const connector_image& vehicle) {
  return vehicle.energy_needed && vehicle.energy_delivered && vehicle.departs_at;
}

stay stay_of(const connector_image& vehicle, instant now) {
  const auto delivered = *vehicle.energy_delivered;
  return {now, *vehicle.departs_at, delivered + *vehicle.energy_needed, delivered, {}};
}

/// Keeps `since`: how long it has drawn less than it may.
bool takes_less(domain::maybe<instant>& since, const connector_image& vehicle,
                const domain::decided_grant& grant, instant now) {
  if (vehicle.drawn + left_anyhow >= grant.granted) since.reset();
  else if (!since) since = now;
  return since && now - *since >= takes_less_after;
}

} // namespace

watt_hours expected_of(const stay& session) {
  const auto stays = std::chrono::floor<seconds>(session.departs_at - session.now).count();
  const auto more = limits::floor_of(
      limits::wide{session.pace.count()} * std::max<std::int64_t>(stays, 0), 3'600);
  const auto missing = session.wanted - session.delivered;
  if (more >= missing.count()) return std::max(session.wanted, session.delivered);
  return session.delivered + watt_hours{static_cast<std::int64_t>(more)};
}

departure_forecast::departure_forecast(const domain::site& site) {
  const auto voltages = limits::voltages_of(site);
  ratings_.reserve(site.connectors.size());
  for (const auto& connector : site.connectors) {
    const auto node = site.stations[connector.station.value()].parent;
    ratings_.push_back({limits::milliwatts_per_ampere(connector, voltages[node.value()]),
                        connector.power_max, connector.line_count});
  }
}

const domain::session_forecast*
departure_forecast::find(domain::connector_index connector) const {
  const auto place = std::ranges::lower_bound(rows_, connector, {}, &followed_session::connector);
  const bool is_known = place != rows_.end() && place->connector == connector;
  return is_known ? &place->forecast : nullptr;
}

watts departure_forecast::power_of(const connector_image& vehicle,
                                   domain::connector_index connector,
                                   domain::milliamperes current) const {
  const auto& rating = ratings_[connector.value()];
  std::int64_t lines = rating.lines;
  if (vehicle.lines_now) lines = std::min<std::int64_t>(lines, *vehicle.lines_now);
  if (vehicle.used_lines)
    lines = std::min(lines, static_cast<std::int64_t>(vehicle.used_lines->count()));
  const auto microwatts = limits::wide{current.count()} * rating.milliwatts_per_ampere;
  const auto power = limits::floor_of(microwatts * lines, limits::wide{1'000'000} * rating.lines);
  const watts drawn{static_cast<std::int64_t>(power)};
  return rating.power_max > watts{} ? std::min(drawn, rating.power_max) : drawn;
}

void departure_forecast::follow(const image& image, const plan& plan) {
  std::swap(rows_, rows_before_);
  rows_.clear();
  changes_.clear();
  auto before = rows_before_.cbegin();
  for (std::size_t i = 0; i < image.connectors.size(); ++i) {
    const auto& vehicle = image.connectors[i];
    if (!has_said_both(vehicle)) continue;
    const auto& grant = plan.grants[i];
    while (before != rows_before_.cend() && before->connector < grant.connector) ++before;
    const bool goes_on = before != rows_before_.cend() && before->connector == grant.connector &&
                         before->arrived_at == vehicle.arrived_at;
    auto& row = goes_on ? rows_.emplace_back(*before) : rows_.emplace_back();
    row.connector = grant.connector;
    row.arrived_at = vehicle.arrived_at;
    const bool is_less = takes_less(row.takes_less_since, vehicle, grant, image.now);
    const auto current = is_less ? vehicle.drawn : grant.granted;
    const auto power =
        grant.is_export ? watts{} : power_of(vehicle, grant.connector, current);
    follow_turns(row, grant.because.which == domain::rule::turn, power, image.now);
    auto session = stay_of(vehicle, image.now);
    session.pace = row.pace;
    if (is_less) row.cause = {};
    follow_shortfall(row, session, is_less ? domain::reason{domain::rule::demand} : grant.because);
  }
  followed_at_ = image.now;
}

void departure_forecast::follow_turns(followed_session& row, bool is_waiting, watts power,
                                      instant now) const {
  if (row.waits_since && now - row.waited_at > turns_remembered) row.waits_since.reset();
  if (is_waiting && !row.waits_since) {
    row.waits_since = now;
    row.granted = 0;
  } else if (row.waits_since && followed_at_) {
    row.granted += limits::wide{row.power.count()} * (now - *followed_at_).count();
  }
  if (is_waiting) row.waited_at = now;
  row.power = row.pace = power;
  if (!row.waits_since || now <= *row.waits_since) return;
  const auto mean = limits::floor_of(row.granted, (now - *row.waits_since).count());
  row.pace = watts{static_cast<std::int64_t>(mean)};
}

void departure_forecast::follow_shortfall(followed_session& row, const stay& session,
                                          const domain::reason& because) {
  auto& forecast = row.forecast;
  forecast.expected = expected_of(session);
  const auto missing = session.wanted - forecast.expected;
  const auto threshold = threshold_of(session.wanted);
  const bool is_short = row.is_said ? missing * 2 >= threshold : missing >= threshold;
  // A limit that holds it down is the better answer than a turn or a ramp in between.
  if (is_short && (because.node || !row.cause.node)) row.cause = because;
  if (is_short == row.is_said) row.differs_since.reset();
  else if (!row.differs_since) row.differs_since = session.now;
  if (row.is_said && is_short) forecast.shortfall = missing;
  forecast.because = row.is_said ? row.cause : domain::reason{};
  if (!row.differs_since || session.now - *row.differs_since < said_after) return;
  row.differs_since.reset();
  row.is_said = is_short;
  forecast.shortfall = is_short ? missing : watt_hours{};
  forecast.because = is_short ? row.cause : domain::reason{};
  changes_.push_back({row.connector, session.departs_at, session.wanted, forecast});
  if (!is_short) row.cause = {};
}

} // namespace busbar::control::sessions
