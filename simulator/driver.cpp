#include "simulator/driver.hpp"

#include <algorithm>
#include <utility>

namespace busbar::simulator {

using domain::instant;

namespace {

/// A second after a round in which every point was silent; twice as long after each further one.
constexpr domain::microseconds asks_silent_again{std::chrono::seconds{1}};
/// After so many a visit without a departure ends.
constexpr std::uint8_t silent_rounds_max = 5;
constexpr domain::microseconds notices_every{std::chrono::seconds{5}};

} // namespace

driver::driver(const driver_profile& profile, const world_settings& terms, instant now)
    : name_(profile.name), waits_{terms.patience, terms.asks_again},
      car_(profile.car), next_ask_(now) {}

driver::driver(const arrival& visit, const world_settings& terms, instant now)
    : name_(visit.name), waits_{terms.patience, terms.asks_again}, car_(visit.car),
      prefers_(visit.prefers), connector_(visit.connector), soc_(visit.soc),
      energy_wanted_(visit.energy_wanted),
      departs_at_(now + visit.stays), next_ask_(now) {}

bool driver::is_done(instant now) const {
  if (phase_ != driver_phase::away) return false;
  return departs_at_ ? now >= *departs_at_ || !soc_ : has_asked_;
}

bool driver::is_time_to_ask(instant now) const {
  return phase_ == driver_phase::away && now >= next_ask_;
}

bool driver::has_waited_in_vain(instant now) const {
  return phase_ == driver_phase::asking && now - asked_at_ >= waits_.patience;
}

bool driver::is_time_to_leave(instant now) const {
  return phase_ == driver_phase::charging && now >= leaves_at_;
}

bool driver::is_out_of_patience(instant now) const {
  return phase_ == driver_phase::leaving && now - asked_at_ >= waits_.patience;
}

domain::driver_request driver::ask(const domain::site_id& site, domain::station_index where,
                                   const domain::station_id& station,
                                   domain::request_id request, instant now) {
  if (phase_ != driver_phase::asking) round_ = {};
  round_.denial.clear();
  phase_ = driver_phase::asking;
  has_asked_ = true;
  round_.tried.push_back(where);
  station_ = station;
  request_ = request;
  asked_at_ = now;
  // The next time counts from the first point of this round.
  if (round_.tried.size() == 1) next_ask_ = now + waits_.asks_again;
  return {std::move(request), site, name_, domain::request_kind::start, station, {}, now,
          energy_wanted_,     departs_at_, connector_};
}

domain::driver_request driver::stop(const domain::site_id& site, domain::request_id request,
                                    instant now) {
  phase_ = driver_phase::leaving;
  asked_at_ = now;
  return {std::move(request), site,         name_, domain::request_kind::stop, station_, session_,
          now,                std::nullopt, std::nullopt};
}

void driver::be_accepted(const domain::session_id& session, domain::microseconds stays,
                         instant now) {
  phase_ = driver_phase::charging;
  has_asked_ = true;
  session_ = session;
  leaves_at_ = departs_at_ ? *departs_at_ : now + stays;
  noticed_at_ = {};
}

void driver::go_away(instant now) {
  const bool was_denied = phase_ == driver_phase::asking && !round_.denial.empty();
  const bool comes_soon = was_denied && !round_.is_refused &&
                          waits_.silent_rounds < silent_rounds_max;
  // A visit that has charged is over.
  if (departs_at_ && !session_.is_empty()) soc_.reset();
  phase_ = driver_phase::away;
  // A visit without a departure comes back, too.
  has_asked_ = !comes_soon;
  session_ = {};
  request_ = {};
  round_ = {};
  next_ask_ = std::max(next_ask_, now);
  if (comes_soon)
    next_ask_ = now + std::min(waits_.asks_again,
                               asks_silent_again * (1 << waits_.silent_rounds++));
}

bool driver::notices_progress(instant now) {
  if (now - noticed_at_ < notices_every) return false;
  noticed_at_ = now;
  return true;
}

} // namespace busbar::simulator
