#include "control/safety/load_shedding.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace busbar::control::safety {

namespace {

/// Permille that stays at each level for a priority.
std::int64_t kept_permille(int level, int priority) {
  switch (level) {
  case 0: return 1'000;
  case 1: return priority <= 3 ? 800 : 1'000;
  case 2: return priority <= 5 ? 600 : 1'000;
  case 3: return 500;
  case 4: return priority <= 5 ? 0 : 1'000;
  default: return priority <= 8 ? 0 : 1'000;
  }
}

/// One, and one more for each whole band between `fall` and `rise` that is free below `fall`: there
/// is room for what those levels hold down.
int levels_down(const shedding_settings& settings, domain::permille load) {
  const auto band = (settings.rise - settings.fall).count();
  return static_cast<int>(
      std::min<std::int64_t>(1 + (settings.fall - load).count() / band, shedding_levels));
}

domain::result<void> out_of_range(const char* member, std::int64_t value, const char* allowed) {
  return domain::error{domain::errc::out_of_range, std::string{member} + " is " +
                                                       std::to_string(value) + ": allowed is " +
                                                       allowed};
}

} // namespace

domain::result<void> validate(const shedding_settings& settings) {
  const auto rise = settings.rise.count(), fall = settings.fall.count();
  if (rise < 500 || rise > 1'200) return out_of_range("rise_permille", rise, "500 to 1200");
  if (fall < 0 || fall >= rise) return out_of_range("fall_permille", fall, "0 to below rise");
  const auto seconds = [](domain::microseconds time) { return time.count() / 1'000'000; };
  if (settings.dwell_up.count() < 0 || seconds(settings.dwell_up) > 600)
    return out_of_range("dwell_up_s", seconds(settings.dwell_up), "0 to 600");
  const auto unexplained = settings.unexplained.count();
  if (unexplained < 0 || unexplained > 1'000)
    return out_of_range("unexplained_permille", unexplained, "0 to 1000");
  if (seconds(settings.dwell_down) < 1 || seconds(settings.dwell_down) > 3'600)
    return out_of_range("dwell_down_s", seconds(settings.dwell_down), "1 to 3600");
  return {};
}

std::optional<shedding_change> load_shedding::observe(const shedding_settings& settings,
                                                      domain::instant now,
                                                      std::optional<domain::permille> load) {
  if (!settings.is_enabled) return move(0, now, load.value_or(domain::permille{}));
  if (!load) return std::nullopt;
  changed_at_ = std::min(changed_at_, now); // the clock may have been set back
  const auto stayed = now - changed_at_;
  if (*load >= settings.rise && (!has_changed_ || stayed >= settings.dwell_up))
    return move(std::min(level_ + 1, shedding_levels), now, *load);
  if (*load < settings.fall && stayed >= settings.dwell_down)
    return move(std::max(level_ - levels_down(settings, *load), 0), now, *load);
  return std::nullopt;
}

std::optional<shedding_change> load_shedding::force(int level, domain::instant now) {
  assert(level >= 0 && level <= shedding_levels);
  return move(level, now, domain::permille{});
}

std::optional<shedding_change> load_shedding::release(int before,
                                                      const shedding_settings& settings,
                                                      domain::instant now,
                                                      std::optional<domain::permille> load) {
  if (settings.is_enabled && load && *load >= settings.fall) return std::nullopt;
  return move(std::min(level_, before), now, load.value_or(domain::permille{}));
}

void load_shedding::restore(int level, domain::instant changed_at) {
  level_ = std::clamp(level, 0, shedding_levels);
  changed_at_ = changed_at;
  has_changed_ = level_ > 0;
}

std::optional<shedding_change> load_shedding::move(int to, domain::instant now,
                                                   domain::permille load) {
  if (to == level_) return std::nullopt;
  const shedding_change change{level_, to, load, now};
  level_ = to;
  changed_at_ = now;
  has_changed_ = true;
  return change;
}

domain::milliamperes shed_cap(int level, int priority, domain::milliamperes cap) {
  return domain::milliamperes{cap.count() * kept_permille(level, priority) / 1'000};
}

} // namespace busbar::control::safety
