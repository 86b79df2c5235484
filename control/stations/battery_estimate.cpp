#include "control/stations/battery_estimate.hpp"

#include <algorithm>

namespace busbar::control::stations {

namespace {

/// What flowed during a longer silence is not known.
constexpr domain::microseconds silence_max = std::chrono::seconds{60};
constexpr std::int64_t mw_s_per_wh = 3'600'000;

std::int64_t flowing_back(std::int32_t power_w) { return std::max<std::int64_t>(0, -power_w); }

} // namespace

void battery_estimate::take(const domain::reading& sample) {
  const bool is_first = measured_at_ == domain::instant{};
  const auto elapsed = sample.measured_at - measured_at_;
  if (!is_first && elapsed > domain::microseconds{} && elapsed <= silence_max)
    exported_mw_s_ += (flowing_back(power_w_) + flowing_back(sample.power_w)) * elapsed.count() /
                      2'000;
  measured_at_ = sample.measured_at;
  power_w_ = sample.power_w;
  watch_rise(sample);
}

/// From one edge of the state of charge to another, so that its rounding does not count.
void battery_estimate::watch_rise(const domain::reading& sample) {
  if (sample.power_w < 0 || !sample.has_soc || sample.soc_permille < soc_) has_begun_ = false;
  const bool is_edge = has_soc_ && sample.has_soc && sample.soc_permille > soc_;
  has_soc_ = sample.has_soc;
  soc_ = sample.soc_permille;
  if (!is_edge || sample.power_w < 0) return;
  if (!has_begun_) {
    has_begun_ = true;
    begun_at_soc_ = soc_;
    begun_at_wh_ = sample.energy_wh;
    return;
  }
  const auto rise = static_cast<std::uint16_t>(soc_ - begun_at_soc_);
  if (rise < rise_min.count() || rise < longest_rise_) return;
  longest_rise_ = rise;
  capacity_wh_ = std::max<std::int64_t>(0, sample.energy_wh - begun_at_wh_) * 1'000 / rise;
}

std::optional<domain::watt_hours> battery_estimate::capacity() const {
  if (capacity_wh_ <= 0) return std::nullopt;
  return domain::watt_hours{capacity_wh_};
}

domain::watt_hours battery_estimate::exported() const {
  return domain::watt_hours{exported_mw_s_ / mw_s_per_wh};
}

} // namespace busbar::control::stations
