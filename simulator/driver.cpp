#include "simulator/driver.hpp"

#include <algorithm>
#include <utility>

namespace busbar::simulator {

using domain::instant;

namespace {

/// A visit with a departure asks again this often until then.
constexpr domain::microseconds asks_again{std::chrono::minutes{1}};
constexpr domain::microseconds notices_every{std::chrono::seconds{5}};

} // namespace

driver::driver(const driver_profile& profile, domain::microseconds patience, instant now)
    : name_(profile.name), patience_(patience), car_(profile.car), next_ask_(now) {}

driver::driver(const arrival& visit, domain::microseconds patience, instant now)
    : name_(visit.name), patience_(patience), car_(visit.car),
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
  return phase_ == driver_phase::asking && now - asked_at_ >= patience_;
}

bool driver::is_time_to_leave(instant now) const {
  return phase_ == driver_phase::charging && now >= leaves_at_;
}

bool driver::is_out_of_patience(instant now) const {
  return phase_ == driver_phase::leaving && now - asked_at_ >= patience_;
}

domain::driver_request driver::ask(const domain::site_id& site, domain::station_index where,
                                   const domain::station_id& station,
                                   domain::request_id request, instant now) {
  if (phase_ != driver_phase::asking) round_.tried.clear();
  round_.denial.clear();
  phase_ = driver_phase::asking;
  has_asked_ = true;
  round_.tried.push_back(where);
  station_ = station;
  request_ = request;
  asked_at_ = now;
  // The next time counts from the first point of this round.
  if (round_.tried.size() == 1) next_ask_ = now + asks_again;
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
  // A visit that has charged is over.
  if (departs_at_ && !session_.is_empty()) soc_.reset();
  phase_ = driver_phase::away;
  has_asked_ = true;
  session_ = {};
  request_ = {};
  round_ = {};
  next_ask_ = std::max(next_ask_, now);
}

bool driver::notices_progress(instant now) {
  if (now - noticed_at_ < notices_every) return false;
  noticed_at_ = now;
  return true;
}

} // namespace busbar::simulator
