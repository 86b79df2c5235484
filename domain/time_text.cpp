#include "domain/time_text.hpp"

#include <array>
#include <cstdio>

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
  time += seconds{text.digits(2, 0, 60)};
  if (text.accepts(".")) time += text.fraction();
  time -= zone_of(text);
  if (!text.is_done() || !date.ok()) return std::nullopt;
  return sys_days{date} + time;
}

std::string text_of(instant at) {
  const auto midnight = floor<days>(at);
  const year_month_day date{midnight};
  const hh_mm_ss time{at - midnight};
  const auto micros = time.subseconds().count();
  std::array<char, 64> text{};
  const auto print = [&](const char* format, auto... more) {
    std::snprintf(text.data(), text.size(), format, static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), more...);
  };
  if (micros == 0) print("%04d-%02u-%02uT%02d:%02d:%02dZ");
  else if (micros % 1000 == 0)
    print("%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(micros / 1000));
  else print("%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(micros));
  return text.data();
}

} // namespace busbar::domain
