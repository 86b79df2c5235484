#pragma once
// The monitor of one charge point: checks it every period, reports every verdict.
//
//   healthy --check fails--> suspect (1, 2) --third failure--> reported as a fault
//      ^---------------- a check succeeds ----------------------------/
//
// A failed check is repeated sooner: the third failure comes at most 2 + 1.5 + 1.5 = 5 s after the
// trouble began.

#include "domain/telemetry.hpp"

#include <cstdint>
#include <optional>

namespace busbar::simulator {

struct monitor_settings {
  domain::microseconds every{std::chrono::seconds{2}};
  domain::microseconds repeat_after_failure{std::chrono::milliseconds{1500}};
};

class monitor {
public:
  monitor(monitor_settings settings, domain::station_index station, domain::instant first_check)
      : settings_(settings), station_(station), next_check_(first_check) {}

  /// The verdict when a check is due at `now`; nothing before.
  std::optional<domain::health_report> step(domain::instant now, bool check_fails) {
    if (now < next_check_) return std::nullopt;
    failures_ = check_fails ? static_cast<std::uint16_t>(failures_ + (failures_ < 65'535)) : 0;
    next_check_ = now + (check_fails ? settings_.repeat_after_failure : settings_.every);
    return domain::health_report{now, station_, failures_ == 0, failures_};
  }

  /// The same station at its place in a changed site file.
  void follow(domain::station_index station) { station_ = station; }

private:
  monitor_settings settings_;
  domain::station_index station_;
  domain::instant next_check_;
  std::uint16_t failures_ = 0;
};

} // namespace busbar::simulator
