#include "control/sessions/driver_record.hpp"

#include <algorithm>
#include <utility>

namespace busbar::control::sessions {

using domain::request_kind;
using domain::session_fact_kind;

namespace {

/// It is about a session that the driver has, or a transaction that runs already; nothing is asked
/// of a station anew.
bool asks_for_nothing_new(const domain::driver_request& request) {
  return request.kind == request_kind::stop || request.kind == request_kind::change ||
         request.reported;
}

} // namespace

std::string driver_record::refusal(const driver_settings& settings,
                                   const domain::driver_request& request, domain::instant now) {
  if (asks_for_nothing_new(request)) return {};
  if (sessions_.size() >= settings.sessions_max)
    return settings.sessions_max == 1
               ? "driver has a session"
               : "driver has " + std::to_string(sessions_.size()) + " sessions";
  if (open_) return "driver has a request";
  if (!requests_.acquire(settings.breaker, now)) return "circuit breaker open";
  return {};
}

void driver_record::asked(const driver_settings& settings, const domain::driver_request& request,
                          domain::instant now) {
  if (asks_for_nothing_new(request)) return;
  open_ = request;
  asked_at_ = now;
  answers_ = {settings.answer_within, now};
  facts_.state = "asking";
  facts_.site = request.site;
  facts_.station = request.station;
  facts_.since = now;
}

void driver_record::told(const driver_settings& settings, const domain::session_fact& fact) {
  if (open_ && open_->id == fact.request && fact.kind != session_fact_kind::completed) {
    requests_.record(settings.breaker, fact.at, true, fact.at - asked_at_);
    answers_.seen(fact.at);
    open_.reset();
  }
  if (fact.kind == session_fact_kind::accepted) {
    ++facts_.accepted;
    if (fact.session.is_empty()) return;
    if (!has(fact.session)) sessions_.push_back({fact.session, fact.site, fact.station});
    show_newest();
  } else if (fact.kind == session_fact_kind::denied) {
    ++facts_.denied;
    if (sessions_.empty()) facts_.state = "denied";
    else show_newest();
  } else if (fact.kind == session_fact_kind::completed && has(fact.session)) {
    ++facts_.completed;
    std::erase_if(sessions_, [&](const open_session& each) { return each.id == fact.session; });
    show_newest();
  }
  facts_.since = fact.at;
}

bool driver_record::has(const domain::session_id& session) const {
  return std::ranges::find(sessions_, session, &open_session::id) != sessions_.end();
}

void driver_record::show_newest() {
  facts_.state = open_ ? "asking" : sessions_.empty() ? "idle" : "charging";
  facts_.session = sessions_.empty() ? domain::session_id{} : sessions_.back().id;
  if (sessions_.empty() || open_) return;
  facts_.station = sessions_.back().station;
  facts_.site = sessions_.back().site;
}

std::optional<domain::driver_request> driver_record::overdue(const driver_settings& settings,
                                                             domain::instant now) {
  if (!open_ || !answers_.check(now)) return std::nullopt;
  requests_.record(settings.breaker, now, false, now - asked_at_);
  return std::exchange(open_, std::nullopt);
}

std::optional<domain::instant>
driver_record::asked_at(const domain::session_fact& fact) const {
  if (!open_ || open_->id != fact.request) return std::nullopt;
  return open_->asked_at;
}

void driver_record::restore(const domain::site_id& site, const domain::station_id& station,
                            const domain::session_state& session) {
  if (has(session.id)) return;
  sessions_.push_back({session.id, site, station});
  show_newest();
  facts_.since = session.started_at;
}

void driver_record::forget(const domain::site_id& site) {
  std::erase_if(sessions_, [&](const open_session& each) { return each.site == site; });
  if (open_ && open_->site == site) open_.reset();
  show_newest();
}

} // namespace busbar::control::sessions
