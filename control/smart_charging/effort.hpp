#pragma once
// How much work may be put into answers, counted in steps of about 20 ns instead of time, so that
// the same question gets the same answer everywhere.

#include <cstddef>

namespace busbar::control::smart_charging {

class effort {
public:
  // What is spent where: a profile made ready to walk through time, one looked at on the way, a
  // period laid out.
  static constexpr std::size_t cursor_made = 5;
  static constexpr std::size_t cursor_looked_at = 1;
  static constexpr std::size_t period_laid_out = 10;

  explicit effort(std::size_t steps) : left_(steps) {}

  /// False, from then on, where more was spent than there is.
  bool spend(std::size_t steps) {
    is_spent_ = is_spent_ || steps > left_;
    left_ = is_spent_ ? 0 : left_ - steps;
    return !is_spent_;
  }
  [[nodiscard]] bool is_spent() const { return is_spent_; }

private:
  std::size_t left_;
  bool is_spent_ = false;
};

} // namespace busbar::control::smart_charging
