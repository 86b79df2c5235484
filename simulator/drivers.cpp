#include "simulator/drivers.hpp"

#include <algorithm>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::instant;
using domain::role;
using domain::session_fact_kind;
using domain::severity;

constexpr domain::microseconds unplugs_after{std::chrono::seconds{1}};
/// More refusals in a row than this and a driver goes away for now.
constexpr std::size_t tries_max = 10;

std::string amount(std::int64_t milli, const char* unit) {
  const std::string digits = std::to_string(milli % 1000 + 1000).substr(1);
  return std::to_string(milli / 1000) + "." + digits + " " + unit;
}

/// A car that a stranger might bring: charges anywhere.
vehicle_model strangers_car() {
  vehicle_model car;
  car.name = "guest";
  car.dc_curve = {{domain::permille{0}, domain::watts{100'000}},
                  {domain::permille{1000}, domain::watts{20'000}}};
  return car;
}

bool is_free(const outlet& at) {
  return at.state() == domain::connector_state::disconnected && !at.car();
}

} // namespace

drivers::drivers(std::shared_ptr<const domain::site> site, const world_settings& settings,
                 random_source random)
    : site_(std::move(site)), settings_(settings), random_(random) {}

domain::request_id drivers::next_request() {
  return domain::request_id{site_->id.text().substr(0, 24) + "-" +
                            std::to_string(began_->time_since_epoch().count() / 1'000'000) + "-" +
                            std::to_string(++request_count_)};
}

void drivers::let_in_arrivals(instant now) {
  const auto& all = settings_.arrivals;
  while (next_arrival_ < all.size() && *began_ + all[next_arrival_].comes_after <= now) {
    const auto& visit = all[next_arrival_++];
    people_.try_emplace(visit.name, visit, settings_.patience, now);
  }
}

void drivers::step(instant now, plant& yard, std::vector<domain::driver_request>& requests,
                   narrator& story) {
  if (!began_) {
    began_ = now;
    for (const auto& profile : settings_.drivers)
      people_.try_emplace(profile.name, profile, settings_.patience, now + profile.asks_every / 10);
  }
  let_in_arrivals(now);
  for (auto& request : std::exchange(waiting_, {})) requests.push_back(std::move(request));
  for (auto at = people_.begin(); at != people_.end();) {
    move(at->second, now, yard, requests, story);
    at = at->second.is_done(now) && !plugged_.contains(at->first) ? people_.erase(at)
                                                                  : std::next(at);
  }
}

void drivers::move(driver& who, instant now, plant& yard,
                   std::vector<domain::driver_request>& requests, narrator& story) {
  const auto place = plugged_.find(who.name());
  const bool is_plugged = place != plugged_.end();
  if (is_plugged && place->second.unplugs_at && now >= *place->second.unplugs_at)
    unplug(who.name(), yard);
  else if (who.has_waited_in_vain(now)) {
    story.say(role::driver, severity::warning, "no_answer", who.name().text(),
              "nobody answered about " + who.station().text());
    who.go_away(now);
  } else if (who.is_out_of_patience(now)) {
    story.say(role::driver, severity::warning, "no_answer", who.name().text(),
              "nobody ended " + who.session().text() + ": pulls the cable");
    unplug(who.name(), yard);
    who.go_away(now);
  } else if (who.is_time_to_leave(now)) {
    requests.push_back(who.stop(site_->id, next_request(), now));
    story.say(role::driver, severity::info, "leaves", who.name().text(),
              "asks to end the session at " + who.station().text());
  } else if (who.is_time_to_ask(now) && !is_plugged && !who.is_done(now))
    ask(who, now, yard, requests, story);
  else if (who.phase() == driver_phase::asking && who.request().is_empty())
    ask(who, now, yard, requests, story);
}

std::optional<domain::station_index> drivers::choose(const driver& who, const plant& yard) {
  const bool looks_first = random_.below(4) != 0;
  std::vector<domain::station_index> free;
  std::vector<domain::station_index> all;
  const vehicle car{who.car(), domain::permille{500}};
  for (const auto& point : yard.points()) {
    const auto& tried = who.tried();
    if (std::find(tried.begin(), tried.end(), point.index()) != tried.end()) continue;
    const auto fits = [&](const outlet& at) { return car.fits(at.offered()); };
    if (!std::any_of(point.outlets().begin(), point.outlets().end(), fits)) continue;
    if (site_->stations[point.index().value()].id == who.prefers()) return point.index();
    all.push_back(point.index());
    if (std::any_of(point.outlets().begin(), point.outlets().end(), is_free))
      free.push_back(point.index());
  }
  const auto& from = looks_first && !free.empty() ? free : all;
  if (from.empty()) return std::nullopt;
  return from[random_.below(from.size())];
}

void drivers::ask(driver& who, instant now, const plant& yard,
                  std::vector<domain::driver_request>& requests, narrator& story) {
  const bool goes_on = who.phase() == driver_phase::asking;
  const auto where = who.tried().size() < tries_max ? choose(who, yard) : std::nullopt;
  if (!where) {
    if (goes_on)
      story.say(role::driver, severity::warning, "gives_up", who.name().text(),
                "no point left to try for now");
    who.go_away(now + domain::microseconds{std::chrono::seconds{1}});
    return;
  }
  const auto& station = site_->stations[where->value()].id;
  requests.push_back(who.ask(site_->id, *where, station, next_request(), now));
  story.say(role::driver, severity::info, "asks", who.name().text(),
            "asks for " + station.text());
}

void drivers::hear(const domain::session_fact& fact, instant now, plant& yard, narrator& story) {
  const auto found = people_.find(fact.driver);
  if (found == people_.end()) return;
  auto& who = found->second;
  const bool is_answer = who.phase() == driver_phase::asking && fact.request == who.request();
  const bool is_own = !fact.session.is_empty() && fact.session == who.session();
  switch (fact.kind) {
  case session_fact_kind::accepted:
    // Somebody may have asked in the driver's name (by the API): the driver comes.
    if (is_answer || who.phase() == driver_phase::away)
      return be_accepted(who, fact, now, yard, story);
    return is_own ? void() : stop_stray(who, fact, now);
  case session_fact_kind::denied: return is_answer ? be_denied(who, fact, story) : void();
  case session_fact_kind::in_progress:
    if (!is_own) return stop_stray(who, fact, now);
    break;
  case session_fact_kind::completed:
    if (!is_own) return;
    unplug_soon(who.name(), now);
    break;
  default: return;
  }
  be_told(who, fact, now, site_->currency, story);
}

void drivers::be_told(driver& who, const domain::session_fact& fact, instant now,
                      const std::string& currency, narrator& story) {
  const std::string cost = amount(fact.cost.count() / 1000, currency.c_str());
  const std::string energy = amount(fact.energy.count(), "kWh");
  if (fact.kind == session_fact_kind::completed) {
    who.go_away(now);
    story.say(role::driver, severity::info, "completed", who.name().text(),
              energy + " for " + cost + " (" + fact.why + ")");
  } else if (who.notices_progress(now))
    story.say(role::driver, severity::info, "in_progress", who.name().text(),
              amount(fact.power.count(), "kW") + ", " + energy + ", " + cost);
}

void drivers::be_accepted(driver& who, const domain::session_fact& fact, instant now, plant& yard,
                          narrator& story) {
  const std::int64_t lasts = settings_.session_lasts.count();
  const domain::microseconds stays{random_.between(lasts - lasts / 10, lasts + lasts / 10)};
  who.be_accepted(fact.session, stays, now);
  story.say(role::driver, severity::info, "accepted", who.name().text(),
            "may charge at " + fact.station.text());
  for (const auto& point : yard.points()) {
    if (site_->stations[point.index().value()].id != fact.station) continue;
    for (const auto& outlet : point.outlets())
      if (!plugged_.contains(who.name())) plug(who, outlet.index(), yard);
  }
}

void drivers::be_denied(driver& who, const domain::session_fact& fact, narrator& story) {
  story.say(role::driver, severity::warning, "denied", who.name().text(),
            "may not charge at " + fact.station.text() + ": " + fact.why);
  who.try_next();
}

/// A session in a known driver's name that the driver does not know of (an answer that came too
/// late, a fleet that was restarted): asks once to end it.
void drivers::stop_stray(const driver& who, const domain::session_fact& fact, instant now) {
  if (fact.session == stopped_stray_) return;
  stopped_stray_ = fact.session;
  waiting_.push_back({next_request(), site_->id, who.name(), domain::request_kind::stop,
                      fact.station, fact.session, now, std::nullopt, std::nullopt});
}

void drivers::be_served(const domain::driver_id& who, domain::connector_index where,
                        const domain::session_id& session, instant now, plant& yard) {
  auto found = people_.find(who);
  if (found == people_.end()) {
    arrival stranger{who, {}, std::chrono::hours{24}, strangers_car(), {}, {}, {}};
    stranger.soc = domain::permille{random_.between(150, 600)};
    found = people_.try_emplace(who, stranger, settings_.patience, now).first;
  }
  if (found->second.phase() == driver_phase::away)
    found->second.be_accepted(session, settings_.session_lasts, now);
  const auto place = plugged_.find(who);
  if (place != plugged_.end() && place->second.connector == where) return;
  if (place != plugged_.end()) unplug(who, yard);
  if (!plugged_.contains(who)) plug(found->second, where, yard);
}

void drivers::plug(driver& who, domain::connector_index where, plant& yard) {
  const vehicle car{who.car(),
                    who.soc().value_or(domain::permille{random_.between(150, 600)})};
  if (yard.at(where).car() || !car.fits(yard.at(where).offered())) return;
  yard.at(where).plug(car);
  plugged_.insert_or_assign(who.name(), parked{where, std::nullopt});
}

void drivers::unplug(const domain::driver_id& who, plant& yard) {
  const auto place = plugged_.find(who);
  if (place == plugged_.end()) return;
  auto& at = yard.at(place->second.connector);
  if (at.is_locked()) {
    place->second.unplugs_at.emplace(); // as soon as it can be
    return;
  }
  at.unplug();
  plugged_.erase(place);
}

void drivers::unplug_soon(const domain::driver_id& who, instant now) {
  const auto place = plugged_.find(who);
  if (place != plugged_.end()) place->second.unplugs_at = now + unplugs_after;
}

} // namespace busbar::simulator
