#include "site/session_facts.hpp"

#include "control/sessions/bill.hpp"
#include "domain/events/sessions.hpp"

#include <utility>

namespace busbar::site {

namespace {

domain::session_state state_now(const session_notes& open) {
  auto state = *open.state;
  state.register_now_wh = open.register_now_wh;
  return state;
}

} // namespace

domain::session_fact denied(const domain::driver_request& request, domain::instant now,
                            std::string why) {
  domain::session_fact fact;
  fact.session = request.session;
  fact.request = request.id;
  fact.site = request.site;
  fact.station = request.station;
  fact.driver = request.driver;
  fact.kind = domain::session_fact_kind::denied;
  fact.at = now;
  fact.why = std::move(why);
  fact.energy_wanted = request.energy_wanted;
  fact.departs_at = request.departs_at;
  return fact;
}

domain::session_fact fact_about(const domain::site& site, const session_notes& open,
                                domain::session_fact_kind kind, domain::instant now) {
  auto state = state_now(open);
  const auto bill = control::sessions::bill_of(site, state, now);
  const auto& connector = site.connectors[state.connector.value()];
  domain::session_fact fact;
  fact.session = std::move(state.id);
  fact.request = std::move(state.request);
  fact.site = site.id;
  fact.station = site.stations[connector.station.value()].id;
  fact.driver = std::move(state.driver);
  fact.kind = kind;
  fact.at = now;
  fact.energy = bill.energy;
  fact.cost = bill.cost;
  fact.energy_wanted = state.energy_wanted;
  fact.departs_at = state.departs_at;
  fact.connector = connector.id;
  fact.register_start_wh = state.register_start_wh;
  fact.register_now_wh = state.register_now_wh;
  return fact;
}

std::optional<domain::event> energy_event(const domain::site& site, const session_notes& open,
                                          domain::instant now) {
  const auto state = state_now(open);
  const auto bill = control::sessions::bill_of(site, state, now);
  if (bill.apart.is_zero()) return std::nullopt;
  return domain::events::energy_kept_apart(
      {site.id, now}, domain::events::names_of(site, state.connector),
      {state.id, bill.energy + bill.apart, bill.energy, bill.apart});
}

} // namespace busbar::site
