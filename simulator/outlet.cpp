#include "simulator/outlet.hpp"

#include "simulator/wiring.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::simulator {

namespace {

using domain::connector_state;
using domain::instant;
using domain::milliamperes;

constexpr std::int64_t mw_us_per_wh = 3'600'000'000'000;

/// Milliwatts to whole watts, up: a measured load rounds up (LIM-5).
std::int32_t watts_up(std::int64_t mw) { return static_cast<std::int32_t>((mw + 999) / 1000); }

/// What a session that has had `had` Wh and `mw_us` of the next may still take, in milliwatts times
/// microseconds.
std::int64_t energy_left(domain::watt_hours most, domain::watt_hours had, std::int64_t mw_us) {
  // No session takes more than this between two looks at it.
  constexpr std::int64_t wh_max = 1'000'000;
  const auto wh = std::clamp<std::int64_t>((most - had).count(), 0, wh_max);
  return wh == 0 ? 0 : wh * mw_us_per_wh - mw_us;
}

} // namespace

outlet::outlet(const domain::site& site, domain::connector_index index,
               domain::microseconds response)
    : index_(index), supply_(supply_of(site, index)),
      current_max_(site.connectors[index.value()].current_max),
      fallback_(site.stations[site.connectors[index.value()].station.value()].when_lost),
      response_(response),
      can_switch_phases_(site.connectors[index.value()].can_switch_phases) {
  assert(response.count() > 0);
}

std::uint8_t outlet::phases() const {
  if (!car_) return 0;
  const auto charging_for = charging_since_ ? now_ - *charging_since_ : domain::microseconds{};
  const auto lines = car_->phases_at(supply_, charging_for);
  const bool is_alone = !supply_.is_dc && drawn_ < car_->model().all_lines_from;
  return is_alone ? std::min(std::uint8_t{1}, lines) : lines;
}

milliamperes outlet::allowed(instant now) const {
  if (!is_in_fallback(now)) return granted_;
  const auto& fallback = told_fallback_ ? *told_fallback_ : fallback_;
  switch (fallback.action) {
  case domain::fallback_action::maintain:
    return granted_export_ ? milliamperes{} : last_granted_;
  case domain::fallback_action::reduce: return std::min(fallback.current, current_max_);
  default: return milliamperes{};
  }
}

connector_state outlet::state() const {
  if (is_faulted_) return connector_state::faulted;
  if (drawn_.count() > 0) return connector_state::supplying;
  if (!is_available_ && session_.is_empty()) return connector_state::unavailable;
  return car_ || !session_.is_empty() ? connector_state::activated : connector_state::disconnected;
}

void outlet::plug(vehicle car) {
  assert(!car_);
  car_.emplace(std::move(car));
  has_just_come_ = true;
}

std::optional<vehicle> outlet::unplug() {
  assert(!is_locked());
  close_session();
  return std::exchange(car_, std::nullopt);
}

void outlet::make_room() {
  assert(!is_locked());
  cut();
  car_.reset();
}

void outlet::open_session(const domain::session_id& session, instant now) {
  session_ = session;
  session_began_ = now;
  charging_since_.reset();
  session_register_wh_ = register_wh_;
}

void outlet::follow(const domain::site& site, domain::connector_index index) {
  const auto& connector = site.connectors[index.value()];
  index_ = index;
  // Below another transformer the voltage is another one.
  const auto lines = supply_.phases;
  supply_ = supply_of(site, index);
  can_switch_phases_ = connector.can_switch_phases;
  if (can_switch_phases_) supply_.phases = std::min(lines, supply_.phases);
  current_max_ = connector.current_max;
  fallback_ = site.stations[connector.station.value()].when_lost;
}

domain::watt_hours outlet::session_energy() const {
  return domain::watt_hours{session_.is_empty() ? 0 : register_wh_ - session_register_wh_};
}

void outlet::switch_phases(std::uint8_t lines, instant now) {
  assert(can_switch_phases_ && (lines == 1 || lines == 3));
  if (lines == supply_.phases) return;
  supply_.phases = lines;
  if (!car_ || session_.is_empty()) return;
  cut();
  paused_until_ = now + switching_time;
}

void outlet::close_session() {
  if (session_.is_empty()) return;
  last_ = {session_, session_energy(), register_wh_};
  session_ = {};
  cut();
}

void outlet::hold(milliamperes current, instant ends, bool is_export) {
  granted_ = last_granted_ = current;
  granted_export_ = is_export;
  grant_ends_ = ends;
}

void outlet::set_faulted(bool is_faulted) {
  is_faulted_ = is_faulted;
  if (!is_faulted) return;
  close_session();
  cut();
}

void outlet::set_disobedient(bool is_disobedient, bool is_welded) {
  is_welded_ = is_disobedient && is_welded;
  if (!is_disobedient) stuck_at_.reset();
  // A contactor that was welded opens now, whatever else the point does not obey.
  if (!is_welded_ && session_.is_empty()) cut();
  if (is_disobedient && !stuck_at_) stuck_at_ = drawn_;
}

/// The contactor opens: no current at once.
void outlet::cut() {
  if (is_stuck_live()) return;
  drawn_ = ramp_from_ = ramp_to_ = milliamperes{};
  if (stuck_at_) stuck_at_ = milliamperes{};
}

milliamperes outlet::unheld(instant now) const {
  if (!car_ || is_faulted_ || session_.is_empty() || is_export_ != may_export(now)) return {};
  const milliamperes best = is_export_ ? car_->spare(supply_) : car_->appetite(supply_);
  return std::min({best, current_max_, allowed(now)});
}

std::int64_t outlet::milliwatts_at(milliamperes current) const {
  return milliwatts(supply_, phases(), current);
}

milliamperes outlet::target(instant now) const {
  if (!car_ || is_faulted_) return milliamperes{};
  if (session_.is_empty() && !is_stuck_live()) return milliamperes{};
  const milliamperes best = is_export_ ? car_->spare(supply_) : car_->appetite(supply_);
  const milliamperes appetite = std::min(best, current_max_);
  if (stuck_at_) return std::min(*stuck_at_, appetite);
  if (now < paused_until_ || is_export_ != may_export(now)) return milliamperes{};
  if (!is_export_ && cap_.session && session_energy() >= *cap_.session) return milliamperes{};
  const milliamperes most = std::min(cap_.current.value_or(allowed(now)), allowed(now));
  const milliamperes allowed_now = std::min(most, appetite);
  return allowed_now < supply_.current_min ? milliamperes{} : allowed_now;
}

milliamperes outlet::on_the_way(instant now) const {
  const std::int64_t passed = (now - ramp_began_).count();
  if (passed >= response_.count()) return ramp_to_;
  const std::int64_t way = ramp_to_.count() - ramp_from_.count();
  const milliamperes there{ramp_from_.count() + way * passed / response_.count()};
  if (there >= supply_.current_min) return there;
  // Below its minimum a vehicle does not charge: it begins with the minimum and ends with it.
  return way > 0 ? std::min(supply_.current_min, ramp_to_) : milliamperes{};
}

void outlet::take_energy(milliamperes mean, domain::microseconds time) {
  std::int64_t energy = milliwatts(supply_, phases(), mean) * time.count();
  if (is_export_) {
    out_mw_us_ += energy;
    out_wh_ += out_mw_us_ / mw_us_per_wh;
    out_mw_us_ %= mw_us_per_wh;
    car_->discharge(energy, supply_);
    return;
  }
  const auto left = cap_.session && !stuck_at_
                        ? energy_left(*cap_.session, session_energy(), register_mw_us_)
                        : energy;
  if (energy > left) {
    energy = left;
    cut();
  }
  register_mw_us_ += energy;
  register_wh_ += register_mw_us_ / mw_us_per_wh;
  register_mw_us_ %= mw_us_per_wh;
  car_->charge(energy, supply_);
}

void outlet::advance(instant now) {
  if (now <= now_) return;
  const auto before = std::exchange(now_, now);
  const milliamperes drawn_before = drawn_;
  if (drawn_.is_zero() && !stuck_at_) is_export_ = may_export(now);
  const milliamperes wanted = std::exchange(has_just_come_, false) ? milliamperes{} : target(now);
  if (wanted != ramp_to_) {
    ramp_from_ = drawn_;
    ramp_to_ = wanted;
    ramp_began_ = before;
  }
  drawn_ = on_the_way(now);
  if (drawn_.count() > 0 && !charging_since_) charging_since_ = now;
  if (car_ && before.time_since_epoch().count() > 0)
    take_energy(milliamperes{(drawn_before + drawn_).count() / 2}, now - before);
}

domain::millivolts outlet::measured_voltage() const {
  if (!supply_.is_dc) return supply_.voltage;
  // Output of a DC connector: what the battery on its cable has.
  return car_ ? car_->model().pack : domain::millivolts{};
}

domain::reading outlet::sample(instant now) const {
  domain::reading sample;
  sample.measured_at = now;
  sample.connector = index_;
  const auto shown = hides_lines_ ? std::min(std::uint8_t{1}, phases()) : phases();
  const std::size_t loaded = supply_.is_delta ? 2 : shown;
  for (std::size_t line = 0; car_ && line < loaded; ++line)
    sample.current_ma[line] = static_cast<std::int32_t>(is_export() ? -drawn_.count()
                                                                    : drawn_.count());
  sample.power_w = watts_up(milliwatts(supply_, shown, drawn_));
  if (is_export()) sample.power_w = -sample.power_w;
  sample.voltage_mv = static_cast<std::int32_t>(measured_voltage().count());
  sample.energy_wh = register_wh_;
  // Contacts warm up by 40 K at full current, over 22 degrees of the yard.
  sample.temperature_mc =
      static_cast<std::int32_t>(22'000 + 40'000 * drawn_.count() / current_max_.count());
  sample.has_temperature = true;
  // Every vehicle here tells its state of charge (ISO 15118), on AC too.
  sample.has_soc = car_.has_value();
  if (sample.has_soc) sample.soc_permille = static_cast<std::uint16_t>(car_->soc().count());
  sample.state = state();
  sample.obeyed = obeyed_;
  return sample;
}

} // namespace busbar::simulator
