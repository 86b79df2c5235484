#pragma once
// A parent's view of a child that answers every message: the parent counts what it sends and what
// comes back, and asks on its tick whether something has waited too long. The child is not asked
// anything for it.
//
//   +------+  sent   +---------+  check: waits longer than `patience`,      +---------+
//   | idle | ------> | waiting | ----------------------------------------> | overdue |
//   +------+ <------ +---------+  and for `checks_min` checks              +---------+
//             the last one is answered  <--------- an answer came -------------+
//
// Time alone condemns no child: every child is late where the machine is overloaded, and after the
// machine has slept. 16 bytes, because every station has one.

#include "domain/time.hpp"

#include <cstdint>

namespace busbar::control::safety {

class answer_watch {
public:
  /// Checks that a message must have waited through, beside the time.
  static constexpr std::uint8_t checks_min = 3;

  void sent(domain::instant now) {
    if (waiting_++ == 0) begin(now);
  }
  void answered(domain::instant now) {
    if (waiting_ > 0) --waiting_;
    begin(now);
  }
  /// The child is another one, which was sent nothing yet.
  void restarted(domain::instant now) {
    waiting_ = 0;
    begin(now);
  }
  /// True when it has become overdue since the last check.
  [[nodiscard]] bool check(domain::microseconds patience, domain::instant now) {
    if (waiting_ == 0 || is_overdue_) return false;
    if (checks_ < checks_min) ++checks_;
    is_overdue_ = checks_ >= checks_min && now - since_ > patience;
    return is_overdue_;
  }

  [[nodiscard]] bool is_overdue() const { return is_overdue_; }
  [[nodiscard]] std::uint32_t waiting() const { return waiting_; }
  /// When it last answered, or was last sent something while it owed nothing.
  [[nodiscard]] domain::instant since() const { return since_; }

private:
  void begin(domain::instant now) {
    since_ = now;
    checks_ = 0;
    is_overdue_ = false;
  }

  domain::instant since_{};
  std::uint32_t waiting_ = 0;
  std::uint8_t checks_ = 0;
  bool is_overdue_ = false;
};

} // namespace busbar::control::safety
