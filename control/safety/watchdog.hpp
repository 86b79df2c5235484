#pragma once
// Something must happen at least every so often; its supervisor asks on the tick whether it did.
//
//   +----------+  check: `every` has passed since it was last seen   +---------+
//   | watching | --------------------------------------------------> | overdue |
//   +----------+ <-------------------------------------------------- +---------+
//                  seen: it happened again
//
// `check` says a miss once; the next miss is said only after it was seen again or `rearm`ed.

#include "domain/time.hpp"

#include <algorithm>
#include <cstdint>

namespace busbar::control::safety {

class watchdog {
public:
  watchdog() = default;
  /// Begins to watch at `now`: the first deadline is `now + every`. every > 0.
  watchdog(domain::microseconds every, domain::instant now) : every_(every), last_seen_(now) {}

  void seen(domain::instant now) {
    last_seen_ = now;
    is_overdue_ = false;
  }
  /// Begins anew without having seen it (after a restart).
  void rearm(domain::instant now) { seen(now); }
  /// True when it has become overdue since the last check.
  [[nodiscard]] bool check(domain::instant now) {
    last_seen_ = std::min(last_seen_, now); // the clock may have been set back
    if (is_overdue_ || now - last_seen_ <= every_) return false;
    is_overdue_ = true;
    return true;
  }

  [[nodiscard]] bool is_overdue() const { return is_overdue_; }
  [[nodiscard]] domain::microseconds every() const { return every_; }
  [[nodiscard]] domain::instant last_seen() const { return last_seen_; }

private:
  domain::microseconds every_{};
  domain::instant last_seen_{};
  bool is_overdue_ = false;
};

} // namespace busbar::control::safety
