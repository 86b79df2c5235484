#include "domain/time_text.hpp"

#include <algorithm>
#include <cstdint>

namespace busbar::domain {
namespace {

using namespace std::chrono;

/// Takes text apart from the left; once it failed it stays failed.
class reader {
public:
  explicit reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value * 10 + next_digit();
    if (value < low || value > high) failed_ = true;
    return value;
  }

  bool accepts(std::string_view one_of) {
    if (failed_ || rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view one_of) {
    if (!accepts(one_of)) failed_ = true;
  }

  microseconds fraction() {
    std::int64_t value = 0;
    std::int64_t unit = 1'000'000;
    do {
      const int digit = next_digit();
      unit /= 10;
      value += digit * unit;
    } while (!failed_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9');
    return microseconds{value};
  }

  [[nodiscard]] bool is_done() const { return !failed_ && rest_.empty(); }

private:
  int next_digit() {
    if (failed_ || rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
      failed_ = true;
      return 0;
    }
    const int digit = rest_.front() - '0';
    rest_.remove_prefix(1);
    return digit;
  }

  std::string_view rest_;
  bool failed_ = false;
};

minutes zone_of(reader& text) {
  if (text.accepts("Zz")) return minutes{0};
  const bool is_west = text.accepts("-");
  if (!is_west) text.expect("+");
  const hours whole{text.digits(2, 0, 23)};
  text.expect(":");
  const minutes offset = whole + minutes{text.digits(2, 0, 59)};
  return is_west ? -offset : offset;
}

/// In its first second: what a leap second is counted as.
bool begins_a_month(sys_time<microseconds> at) {
  const auto midnight = floor<days>(at);
  return at - midnight < seconds{1} && year_month_day{midnight}.day() == day{1};
}

void append(std::string& text, const char* before, std::int64_t value, std::size_t width) {
  const auto digits = std::to_string(value);
  text += before;
  text.append(width - std::min(width, digits.size()), '0');
  text += digits;
}

} // namespace

std::optional<instant> instant_from(std::string_view input) {
  reader text(input);
  const year in_year{text.digits(4, 1, 9999)};
  text.expect("-");
  const month in_month{static_cast<unsigned>(text.digits(2, 1, 12))};
  text.expect("-");
  const year_month_day date{in_year, in_month, day{static_cast<unsigned>(text.digits(2, 1, 31))}};
  text.expect("Tt");
  microseconds time = hours{text.digits(2, 0, 23)};
  text.expect(":");
  time += minutes{text.digits(2, 0, 59)};
  text.expect(":");
  const seconds second{text.digits(2, 0, 60)};
  time += second;
  if (text.accepts(".")) time += text.fraction();
  time -= zone_of(text);
  if (!text.is_done() || !date.ok()) return std::nullopt;
  const sys_time<microseconds> at = sys_days{date} + time;
  if (second == seconds{60} && !begins_a_month(at)) return std::nullopt;
  return at;
}

std::string text_of(instant at) {
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss time{at - midnight};
  std::string text;
  append(text, "", int{date.year()}, 4);
  append(text, "-", unsigned{date.month()}, 2);
  append(text, "-", unsigned{date.day()}, 2);
  append(text, "T", time.hours().count(), 2);
  append(text, ":", time.minutes().count(), 2);
  append(text, ":", time.seconds().count(), 2);
  const auto micros = time.subseconds().count();
  if (micros % 1000 != 0) append(text, ".", micros, 6);
  else if (micros != 0) append(text, ".", micros / 1000, 3);
  return text + "Z";
}

} // namespace busbar::domain
