#include "site/driver_requests.hpp"

#include "control/sessions/admission.hpp"
#include "control/sessions/wants.hpp"
#include "domain/shortfall_text.hpp"
#include "site/session_facts.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace busbar::site {

namespace {

/// "leaves at 05:00", by the clocks at the site.
std::string departure_text(const domain::site& site,
                           const std::optional<domain::instant>& departs_at,
                           domain::instant now) {
  if (!departs_at) return "says no departure";
  return "leaves at " + domain::local_time_text(site.zone, *departs_at, now);
}

} // namespace

void driver_requests::take(station_effects& out, const domain::driver_request& request,
                           const station_facts& facts, domain::instant now) const {
  switch (request.kind) {
  case domain::request_kind::start: start(out, request, facts, now); break;
  case domain::request_kind::stop: stop(out, request, now); break;
  case domain::request_kind::reserve: reserve(out, request, facts, now); break;
  case domain::request_kind::change: change(out, request, now); break;
  case domain::request_kind::unspecified:
    out.facts.push_back(denied(request, now, "unknown request"));
    break;
  }
}

bool driver_requests::is_meant(const domain::driver_request& request,
                               const connector_notes& notes) const {
  const auto connector = channel_.connector_of(notes);
  return request.connector.is_empty() ||
         channel_.site().connectors[connector.value()].id == request.connector;
}

connector_notes* driver_requests::free_connector(const domain::driver_request& request,
                                                 const station_facts& facts, domain::instant now,
                                                 std::string& why) const {
  const auto& reserved = channel_.book().reserved;
  const bool is_reserved =
      reserved && reserved->until > now && reserved->driver != request.driver;
  const bool would_permit = channel_.would_permit(now);
  why = "station '" + channel_.station().id.text() + "' has no connector '" +
        request.connector.text() + "'";
  for (auto& notes : channel_.connectors()) {
    if (!is_meant(request, notes)) continue;
    control::sessions::admission_facts asked;
    asked.state = facts.readings[channel_.place_of(notes)].state;
    asked.is_silent = facts.is_silent;
    asked.is_unhealthy = facts.is_unhealthy;
    asked.has_session = notes.session != nullptr;
    asked.is_reserved_for_other = is_reserved;
    asked.commands = would_permit ? domain::breaker_position::closed
                                  : domain::breaker_position::open;
    asked.is_site_safe = facts.is_site_safe;
    why = control::sessions::closed_because(asked);
    if (why.empty()) return &notes;
  }
  return nullptr;
}

void driver_requests::start(station_effects& out, const domain::driver_request& request,
                            const station_facts& facts, domain::instant now) const {
  if (request.reported) return report(out, request, facts, now);
  std::string why;
  auto* notes = free_connector(request, facts, now, why);
  if (notes == nullptr) {
    out.facts.push_back(denied(request, now, why));
    return;
  }
  sessions_.start(out, *notes, request, facts.readings[channel_.place_of(*notes)], now);
}

void driver_requests::report(station_effects& out, const domain::driver_request& request,
                             const station_facts& facts, domain::instant now) const {
  const auto connectors = channel_.connectors();
  const auto found = std::ranges::find_if(
      connectors, [&](const auto& notes) { return is_meant(request, notes); });
  if (found == connectors.end())
    return out.facts.push_back(denied(request, now,
                                      "station '" + channel_.station().id.text() +
                                          "' has no connector '" + request.connector.text() +
                                          "'"));
  if (request.reported->ended_at) return sessions_.record(out, *found, request, now);
  // The session before it ends first: its stop is on the way. The gateway reports once more.
  if (found->session) return out.facts.push_back(denied(request, now, "occupied"));
  sessions_.start(out, *found, request, facts.readings[channel_.place_of(*found)], now);
}

connector_notes* driver_requests::session_of(const domain::driver_request& request) const {
  for (auto& notes : channel_.connectors()) {
    if (!notes.session || notes.session->state->driver != request.driver) continue;
    const auto& id = notes.session->state->id;
    if (request.session.is_empty() || id == request.session) return &notes;
  }
  return nullptr;
}

void driver_requests::stop(station_effects& out, const domain::driver_request& request,
                           domain::instant now) const {
  if (request.reported) return end(out, request, now);
  auto* notes = session_of(request);
  if (notes != nullptr)
    return sessions_.stop(out, *notes, request.why.empty() ? "driver" : request.why);
  out.facts.push_back(denied(request, now, "no such session"));
}

void driver_requests::end(station_effects& out, const domain::driver_request& request,
                          domain::instant now) const {
  const auto is_meant = [&](const std::unique_ptr<session_notes>& one) {
    if (!one) return false;
    const auto& state = *one->state;
    return request.session.is_empty() ? state.request == request.begun_by
                                      : state.id == request.session;
  };
  for (auto& notes : channel_.connectors()) {
    if (is_meant(notes.session)) return sessions_.ended(out, notes, request, now);
    if (is_meant(notes.unsettled)) return sessions_.bill().ended(out, notes, request, now);
  }
  // It has its bill: the answer to a stop came first.
}

void driver_requests::reserve(station_effects& out, const domain::driver_request& request,
                              const station_facts& facts, domain::instant now) const {
  std::string why;
  if (free_connector(request, facts, now, why) == nullptr) {
    out.facts.push_back(denied(request, now, why));
    return;
  }
  channel_.book().reserved = std::make_unique<reservation>(
      reservation{request.driver, now + reservation_lasts});
  domain::session_fact accepted;
  accepted.request = request.id;
  accepted.site = channel_.site().id;
  accepted.station = channel_.station().id;
  accepted.driver = request.driver;
  accepted.kind = domain::session_fact_kind::accepted;
  accepted.at = now;
  accepted.why = "reserved";
  out.facts.push_back(std::move(accepted));
}

void driver_requests::change(station_effects& out, const domain::driver_request& request,
                             domain::instant now) const {
  auto* notes = session_of(request);
  if (notes == nullptr) return out.facts.push_back(denied(request, now, "no such session"));
  auto& open = *notes->session;
  // What stays as it is may be over by now: a departure that has passed.
  control::sessions::wants wanted;
  if (request.energy_wanted != open.state->energy_wanted) wanted.energy = request.energy_wanted;
  if (request.departs_at != open.state->departs_at) wanted.departs_at = request.departs_at;
  const domain::watt_hours delivered{open.register_now_wh - open.state->register_start_wh};
  auto refusal = open.stop_waits ? "the session is ending"
                                 : control::sessions::refusal_of(wanted, delivered, now);
  if (!refusal.empty())
    return out.facts.push_back(denied(request, now, std::move(refusal)));
  auto changed = std::make_shared<domain::session_state>(*open.state);
  changed->energy_wanted = request.energy_wanted;
  changed->departs_at = request.departs_at;
  open.state = std::move(changed);
  out.facts.push_back(
      fact_about(channel_.site(), open, domain::session_fact_kind::changed, now));
  out.facts.back().request = request.id;
  out.facts.back().why = departure_text(channel_.site(), request.departs_at, now);
  out.sessions.push_back({channel_.connector_of(*notes), open.state, false});
}

} // namespace busbar::site
