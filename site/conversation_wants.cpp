// What the driver of an open session wants of it, changed while it lasts.
#include "site/conversation.hpp"

#include "control/sessions/wants.hpp"

#include <utility>

namespace busbar::site {

connector_notes* conversation::notes_of(const domain::driver_request& request) {
  for (auto& notes : notes_) {
    if (!notes.session || notes.session->state->driver != request.driver) continue;
    const auto& id = notes.session->state->id;
    if (request.session.is_empty() || id == request.session) return &notes;
  }
  return nullptr;
}

void conversation::change(station_effects& out, const domain::driver_request& request,
                          domain::instant now) {
  auto* notes = notes_of(request);
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
  out.facts.push_back(fact(open, domain::session_fact_kind::changed, now));
  out.facts.back().request = request.id;
  out.sessions.push_back({connector_of(*notes), open.state, false});
}

} // namespace busbar::site
