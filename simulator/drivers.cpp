#include "simulator/drivers.hpp"

#include "domain/events/simulated.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace busbar::simulator {

namespace {

namespace events = domain::events;

using domain::instant;
using domain::session_fact_kind;

constexpr domain::microseconds unplugs_after{std::chrono::seconds{1}};
/// More refusals in a row than this and a driver goes away for now.
constexpr std::size_t tries_max = 10;
/// Why a point is denied of which the engine has no reading.
constexpr const char* not_heard_yet = "silent";

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

domain::microseconds first_wait_of(const driver_profile& who) {
  return who.asks_first_after.value_or(who.asks_every / 10);
}

bool is_free(const outlet& at) {
  return at.state() == domain::connector_state::disconnected && !at.car();
}

} // namespace

drivers::drivers(std::shared_ptr<const domain::site> site, const world_settings& settings,
                 random_source random)
    : site_(std::move(site)), settings_(settings), random_(random) {}

drivers::visit& drivers::begin(driver made) {
  const visit_key key{made.name(), ++visit_count_};
  return *visits_.try_emplace(key, std::move(made)).first;
}

const drivers::regular* drivers::regular_named(const domain::driver_id& name) const {
  const auto found = std::ranges::find(regulars_, name,
                                       [](const regular& each) { return each.profile.name; });
  return found == regulars_.end() ? nullptr : &*found;
}

/// Visits of one driver stand together.
auto drivers::visits_of(const domain::driver_id& name) {
  return std::ranges::subrange{visits_.lower_bound({name, 0}),
                               visits_.upper_bound({name, ~std::uint64_t{0}})};
}

drivers::visit* drivers::visit_with(const domain::session_fact& fact) {
  for (auto& each : visits_of(fact.driver)) {
    const auto& who = each.second;
    const bool is_answer = who.phase() == driver_phase::asking && !fact.request.is_empty() &&
                           fact.request == who.request();
    const bool is_own = !fact.session.is_empty() && fact.session == who.session();
    if (is_answer || is_own) return &each;
  }
  return nullptr;
}

/// A visit of that driver that has not begun to ask, or one more of its vehicles.
drivers::visit* drivers::free_visit(const domain::driver_id& name, instant now) {
  std::size_t count = 0;
  for (auto& each : visits_of(name)) {
    const auto& who = each.second;
    if (who.phase() == driver_phase::away && !who.is_done(now)) return &each;
    ++count;
  }
  const auto* known = regular_named(name);
  if (known == nullptr || count >= known->profile.cars) return nullptr;
  return &begin(driver{known->profile, settings_, now});
}

void drivers::follow(std::shared_ptr<const domain::site> site,
                     const control::carry_over::place_match& places, const plant& yard) {
  site_ = std::move(site);
  for (auto& [key, who] : visits_) who.forget_places();
  std::map<visit_key, parked> staying;
  for (auto& [key, car] : plugged_) {
    const auto& row = places.connectors[car.connector.value()];
    const bool is_gone = row.fate == control::carry_over::place_fate::gone;
    if (is_gone || !yard.at(row.now).car()) continue;
    car.connector = row.now;
    staying.emplace(key, car);
  }
  plugged_ = std::move(staying);
}

domain::request_id drivers::next_request() {
  return domain::request_id{site_->id.text().substr(0, 24) + "-" +
                            std::to_string(began_->time_since_epoch().count() / 1'000'000) + "-" +
                            std::to_string(++request_count_)};
}

void drivers::let_in_arrivals(instant now) {
  const auto& all = settings_.arrivals;
  while (next_arrival_ < all.size() && *began_ + all[next_arrival_].comes_after <= now)
    begin(driver{all[next_arrival_++], settings_, now});
}

/// A driver asks for one point at a time, and never for more than it has vehicles.
void drivers::let_in_regulars(instant now) {
  for (auto& each : regulars_) {
    if (now < each.asks_at) continue;
    std::size_t out = 0;
    bool is_asking = false;
    for (const auto& [key, who] : visits_of(each.profile.name)) {
      ++out;
      is_asking = is_asking || who.phase() == driver_phase::asking;
    }
    if (is_asking) continue;
    while (each.asks_at <= now) each.asks_at += each.profile.asks_every;
    if (out < each.profile.cars) begin(driver{each.profile, settings_, now});
  }
}

void drivers::step(instant now, plant& yard, std::vector<domain::driver_request>& requests,
                   narrator& story) {
  if (!began_) {
    began_ = now;
    for (const auto& profile : settings_.drivers)
      regulars_.push_back({profile, now + first_wait_of(profile)});
  }
  let_in_arrivals(now);
  let_in_regulars(now);
  for (auto& request : std::exchange(waiting_, {})) requests.push_back(std::move(request));
  for (auto at = visits_.begin(); at != visits_.end();) {
    move(*at, now, yard, requests, story);
    at = at->second.is_done(now) && !plugged_.contains(at->first) ? visits_.erase(at)
                                                                  : std::next(at);
  }
}

void drivers::move(visit& each, instant now, plant& yard,
                   std::vector<domain::driver_request>& requests, narrator& story) {
  auto& [key, who] = each;
  const auto place = plugged_.find(key);
  const bool is_plugged = place != plugged_.end();
  if (is_plugged && place->second.unplugs_at && now >= *place->second.unplugs_at)
    unplug(key, yard);
  else if (who.has_waited_in_vain(now)) {
    story.note(events::no_answer(story.here(), who.name(), who.station()));
    who.go_away(now);
  } else if (who.is_out_of_patience(now)) {
    story.note(events::cable_pulled(story.here(), who.name(), who.session()));
    unplug(key, yard);
    who.go_away(now);
  } else if (who.is_time_to_leave(now)) {
    requests.push_back(who.stop(site_->id, next_request(), now));
    story.note(events::leaves(story.here(), who.name(), who.station()));
  } else if (who.is_time_to_ask(now) && !is_plugged && !who.is_done(now))
    ask(who, now, yard, requests, story);
  else if (who.phase() == driver_phase::asking && who.request().is_empty())
    ask(who, now, yard, requests, story);
}

/// Nothing where that was tried in this round already.
std::optional<domain::station_index> drivers::named_place(const driver& who) const {
  const auto named = std::find_if(site_->stations.begin(), site_->stations.end(),
                                  [&](const auto& each) { return each.id == who.prefers(); });
  if (named == site_->stations.end()) return std::nullopt;
  const domain::station_index place{
      static_cast<std::size_t>(named - site_->stations.begin())};
  const auto& tried = who.round().tried;
  const bool is_tried = std::find(tried.begin(), tried.end(), place) != tried.end();
  return is_tried ? std::nullopt : std::optional{place};
}

std::optional<domain::station_index> drivers::choose(const driver& who, const plant& yard) {
  if (!who.connector().is_empty()) return named_place(who);
  // Once denied a driver goes where it sees a free point, or comes back another time.
  const bool is_next = !who.round().tried.empty();
  const bool looks_first = is_next || random_.below(4) != 0;
  std::vector<domain::station_index> free;
  std::vector<domain::station_index> all;
  const vehicle car{who.car(), domain::permille{500}};
  for (const auto& point : yard.points()) {
    const auto& tried = who.round().tried;
    if (settings_.elsewhere.contains(site_->stations[point.index().value()].id)) continue;
    if (std::find(tried.begin(), tried.end(), point.index()) != tried.end()) continue;
    const auto fits = [&](const outlet& at) { return car.fits(at.offered()); };
    if (!std::any_of(point.outlets().begin(), point.outlets().end(), fits)) continue;
    if (site_->stations[point.index().value()].id == who.prefers()) return point.index();
    all.push_back(point.index());
    if (std::any_of(point.outlets().begin(), point.outlets().end(), is_free))
      free.push_back(point.index());
  }
  const auto& from = looks_first && (is_next || !free.empty()) ? free : all;
  if (from.empty()) return std::nullopt;
  return from[random_.below(from.size())];
}

void drivers::ask(driver& who, instant now, const plant& yard,
                  std::vector<domain::driver_request>& requests, narrator& story) {
  const auto denial = who.round().denial;
  const auto where = who.round().tried.size() < tries_max ? choose(who, yard) : std::nullopt;
  if (!denial.empty())
    story.note(events::denied(story.here(), who.name(), denial, where.has_value()));
  if (!where) {
    who.go_away(now + domain::microseconds{std::chrono::seconds{1}});
    return;
  }
  const auto& station = site_->stations[where->value()].id;
  requests.push_back(who.ask(site_->id, *where, station, next_request(), now));
  story.note(events::asks(story.here(), who.name(), station));
}

void drivers::hear(const domain::session_fact& fact, instant now, plant& yard, narrator& story) {
  const bool is_known = regular_named(fact.driver) != nullptr || !visits_of(fact.driver).empty();
  if (!is_known) return;
  auto* found = visit_with(fact);
  switch (fact.kind) {
  case session_fact_kind::accepted:
    // The API may have asked in the driver's name: the driver comes.
    if (found == nullptr) found = free_visit(fact.driver, now);
    if (found == nullptr) return stop_stray(fact, now);
    if (found->second.session() == fact.session && !fact.session.is_empty()) return;
    return be_accepted(*found, fact, now, yard, story);
  case session_fact_kind::denied:
    if (found == nullptr) return;
    return found->second.try_next("DENIED at " + fact.station.text() + " (" + fact.why + ")",
                                  fact.why == not_heard_yet);
  case session_fact_kind::in_progress:
    return found != nullptr ? be_told(found->second, fact, now, story) : stop_stray(fact, now);
  case session_fact_kind::completed:
    stopped_strays_.erase(fact.session);
    if (found == nullptr) return;
    unplug_soon(found->first, now);
    return be_told(found->second, fact, now, story);
  case session_fact_kind::changed:
    return found != nullptr ? found->second.leave_at(fact.departs_at) : void();
  default: return;
  }
}

void drivers::be_told(driver& who, const domain::session_fact& fact, instant now,
                      narrator& story) const {
  const std::string cost = amount(fact.cost.count() / 1000, site_->currency.c_str());
  const std::string energy = amount(fact.energy.count(), "kWh");
  const std::string power = amount(fact.power.count(), "kW");
  if (fact.kind == session_fact_kind::completed) {
    who.go_away(now);
    story.note(events::completed(story.here(), who.name(), {power, energy, cost}, fact.why));
  } else if (who.notices_progress(now))
    story.note(events::in_progress(story.here(), who.name(), {power, energy, cost}));
}

void drivers::be_accepted(visit& each, const domain::session_fact& fact, instant now, plant& yard,
                          narrator& story) {
  auto& [key, who] = each;
  const std::int64_t lasts = settings_.session_lasts.count();
  const domain::microseconds stays{random_.between(lasts - lasts / 10, lasts + lasts / 10)};
  who.be_accepted(fact.session, stays, now);
  story.note(events::accepted(story.here(), who.name(), fact.station));
  for (const auto& point : yard.points()) {
    if (site_->stations[point.index().value()].id != fact.station) continue;
    const auto is_meant = [&](const outlet& at) {
      return who.connector().is_empty() ||
             site_->connectors[at.index().value()].id == who.connector();
    };
    for (const auto& outlet : point.outlets())
      if (!plugged_.contains(key) && is_meant(outlet)) plug(each, outlet.index(), yard);
  }
}

/// A session in a known driver's name that the driver does not know of (an answer that came too
/// late, a fleet that was restarted): asks once to end it.
void drivers::stop_stray(const domain::session_fact& fact, instant now) {
  if (!stopped_strays_.insert(fact.session).second) return;
  waiting_.push_back({next_request(), site_->id, fact.driver, domain::request_kind::stop,
                      fact.station, fact.session, now, std::nullopt, std::nullopt});
}

void drivers::be_stopped(const local_stop& stop, instant now) {
  const auto station = site_->connectors[stop.connector.value()].station;
  waiting_.push_back({next_request(), site_->id, stop.driver, domain::request_kind::stop,
                      site_->stations[station.value()].id, stop.session, now, std::nullopt,
                      std::nullopt});
}

/// The visit that `session` at `station` is for: the one that has it, or that waits for an answer
/// from there.
drivers::visit* drivers::visit_served(const domain::driver_id& who,
                                      const domain::station_id& station,
                                      const domain::session_id& session) {
  for (auto& each : visits_of(who))
    if (each.second.session() == session) return &each;
  for (auto& each : visits_of(who))
    if (each.second.phase() == driver_phase::asking && each.second.station() == station)
      return &each;
  return nullptr;
}

void drivers::be_served(const domain::driver_id& who, domain::connector_index where,
                        const domain::session_id& session, instant now, plant& yard) {
  const auto& station = site_->stations[site_->connectors[where.value()].station.value()].id;
  auto* found = visit_served(who, station, session);
  if (found == nullptr) found = free_visit(who, now);
  if (found == nullptr && regular_named(who) != nullptr) return;
  if (found == nullptr) {
    arrival stranger{who, {}, std::chrono::hours{24}, strangers_car(), {}, {}, {}};
    stranger.soc = domain::permille{random_.between(150, 600)};
    found = &begin(driver{stranger, settings_, now});
  }
  auto& [key, visitor] = *found;
  if (visitor.phase() == driver_phase::away)
    visitor.be_accepted(session, settings_.session_lasts, now);
  const auto place = plugged_.find(key);
  if (place != plugged_.end() && place->second.connector == where) return;
  if (place != plugged_.end()) unplug(key, yard);
  if (!plugged_.contains(key)) plug(*found, where, yard);
}

/// A vehicle whose session is over and that still stands there makes room.
void drivers::clear(domain::connector_index where, plant& yard) {
  const auto found = std::ranges::find_if(plugged_, [&](const auto& each) {
    return each.second.connector == where && each.second.unplugs_at;
  });
  if (found == plugged_.end() || yard.at(where).is_locked()) return;
  yard.at(where).make_room();
  plugged_.erase(found);
}

void drivers::plug(visit& each, domain::connector_index where, plant& yard) {
  const auto& [key, who] = each;
  clear(where, yard);
  const vehicle car{who.car(),
                    who.soc().value_or(domain::permille{random_.between(150, 600)})};
  if (yard.at(where).car() || !car.fits(yard.at(where).offered())) return;
  yard.at(where).plug(car);
  plugged_.insert_or_assign(key, parked{where, std::nullopt});
}

void drivers::unplug(const visit_key& who, plant& yard) {
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

void drivers::unplug_soon(const visit_key& who, instant now) {
  const auto place = plugged_.find(who);
  if (place != plugged_.end()) place->second.unplugs_at = now + unplugs_after;
}

} // namespace busbar::simulator
