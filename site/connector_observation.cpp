#include "site/connector_observation.hpp"

#include "control/metering/sampled_draw.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace busbar::site {

using control::metering::sample_clock;
using control::safety::belief;
using domain::instant;

namespace {

/// A lease has three renewals, each of which can prove a clock to be behind.
control::metering::sample_clock_settings clock_settings_of(const domain::site& site) {
  control::metering::sample_clock_settings settings;
  settings.window = std::max<domain::microseconds>(settings.window, site.lease);
  return settings;
}

} // namespace

bool connector_observation::take(const arrived_reading& arrived, const domain::site& site) {
  const auto measured = measured_at(arrived, site);
  if (!measured) return false;
  if (has_reading_) released_.take(newest_, heard_at_, *measured, site.input.stale_after);
  before_ = newest_.current_ma;
  newest_ = arrived.reading;
  newest_.measured_at = *measured;
  heard_at_ = std::min(*measured, arrived.received_at);
  has_reading_ = true;
  return true;
}

domain::maybe<instant> connector_observation::measured_at(const arrived_reading& arrived,
                                                          const domain::site& site) {
  const auto stamp = arrived.reading.measured_at;
  const control::metering::stamped_sample sample{stamp, arrived.received_at, arrived.obeys_since};
  const auto settings = clock_settings_of(site);
  if (!clock_) {
    // Without a clock of its own every stamp was taken as it is: the newest one's is its time.
    const auto newest_stamp = newest_.measured_at;
    if (is_plausible(settings, sample, newest_stamp)) return stamp;
    clock_ = std::make_unique<sample_clock>(newest_stamp);
  }
  return clock_->take(settings, sample);
}

std::optional<domain::microseconds>
connector_observation::take_clock_news(const domain::site& site) {
  if (!clock_) return std::nullopt;
  const auto settings = clock_settings_of(site);
  if (!clock_->take_news(settings)) return std::nullopt;
  return clock_->ahead(settings);
}

void connector_observation::take_over(connector_observation& before,
                                      domain::connector_index connector) {
  newest_ = before.newest_;
  newest_.connector = connector;
  clock_ = std::move(before.clock_);
  heard_at_ = before.heard_at_;
  released_ = before.released_;
  before_ = before.before_;
  has_reading_ = before.has_reading_;
}

belief connector_observation::belief_at(instant now, const domain::site& site) const {
  const auto& settings = site.input;
  if (has_reading_) return control::safety::believe(settings, now - heard_at_);
  return settings.cold_start == domain::stale_input_policy::safe_zero ? belief::zero
                                                                      : belief::excluded;
}

std::uint32_t connector_observation::milliseconds_ago(instant now) const {
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  if (!has_reading_) return most;
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - heard_at_);
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(age.count(), 0, most));
}

std::array<std::int32_t, 3> connector_observation::drawn_at(instant sampled_at) const {
  return control::metering::drawn_at(newest_, before_, sampled_at);
}

control::metering::release connector_observation::release_at(instant now,
                                                             const domain::site& site) const {
  if (has_reading_ && is_stale(now, site))
    return control::metering::release_of_stale(newest_, heard_at_, site.input.stale_after);
  return released_.newest();
}

} // namespace busbar::site
