#pragma once
// How many lines of one kind may be written: at most `lines_max` in each `window`. What is
// withheld is counted, and told once when the window is over. Pure: time is passed in.

#include "domain/time.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace busbar::adapters::logging {

struct budget_settings {
  /// Lines of one kind in a window. >= 1.
  std::uint32_t lines_max = 10;
  domain::microseconds window{std::chrono::seconds{10}};
  /// Kinds that are told apart; further ones share one budget named "other". >= 1.
  std::size_t kinds_max = 256;
};

/// Lines of a kind that were not written since the window began.
struct withheld_lines {
  std::string kind;
  std::uint64_t count = 0;
  bool operator==(const withheld_lines&) const = default;
};

class line_budget {
public:
  explicit line_budget(budget_settings settings = {}) : settings_(settings) {}

  /// True when one more line of this kind may be written now; otherwise the line is counted.
  bool admits(const std::string& kind, domain::instant now);
  /// What the windows that are over have withheld, by kind, sorted; each is told once.
  std::vector<withheld_lines> take_withheld(domain::instant now);

private:
  struct window {
    domain::instant began{};
    std::uint32_t written = 0;
    std::uint64_t withheld = 0;
    /// Of the windows before this one.
    std::uint64_t untold = 0;
  };
  [[nodiscard]] bool is_over(const window& of, domain::instant now) const;
  void roll(window& current, domain::instant now) const;

  budget_settings settings_;
  std::map<std::string, window> windows_;
};

} // namespace busbar::adapters::logging
