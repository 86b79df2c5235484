#include "site/vehicle_observation.hpp"

#include <utility>

namespace busbar::site {

void vehicle_observation::track(const domain::reading& newest, domain::milliamperes acknowledged,
                                std::size_t window) {
  if (!tracking_) tracking_ = std::make_unique<control::stations::tracking_error>(window);
  tracking_->add(acknowledged, domain::magnitude_of(newest));
}

void vehicle_observation::watch_battery(const domain::reading& newest) {
  if (!battery_) battery_ = std::make_unique<control::stations::battery_estimate>();
  battery_->take(newest);
}

void vehicle_observation::forget_vehicle() {
  battery_.reset();
  used_lines_.forget();
}

void vehicle_observation::take_over(vehicle_observation& before, bool has_same_lines,
                                    bool has_same_window) {
  if (has_same_lines) used_lines_ = before.used_lines_;
  if (has_same_window) tracking_ = std::move(before.tracking_);
  battery_ = std::move(before.battery_);
}

} // namespace busbar::site
