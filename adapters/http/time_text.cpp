#include "adapters/http/time_text.hpp"

#include <array>
#include <cstdio>

namespace busbar::adapters::http {

namespace {

using namespace std::chrono;

/// Reads digits and fixed characters from the front of a text; once it failed it stays failed.
class time_reader {
public:
  explicit time_reader(std::string_view text) : text_(text) {}

  int digits(std::size_t count) {
    if (text_.size() < count) return fail();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

  bool takes(std::string_view allowed) {
    if (text_.empty() || allowed.find(text_.front()) == std::string_view::npos) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view allowed) {
    if (!takes(allowed)) fail();
  }

  /// Decimals of a second; more than six are refused.
  microseconds fraction() {
    int value = 0;
    int count = 0;
    for (; count < 6 && !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++count)
      value = value * 10 + digits(1);
    if (count == 0) fail();
    for (; count < 6; ++count) value *= 10;
    return microseconds{value};
  }

  [[nodiscard]] char front() const { return text_.empty() ? '\0' : text_.front(); }
  [[nodiscard]] bool is_done() const { return is_good_ && text_.empty(); }

private:
  int fail() {
    is_good_ = false;
    return 0;
  }

  std::string_view text_;
  bool is_good_ = true;
};

minutes read_offset(time_reader& reader) {
  if (reader.takes("Zz")) return minutes{0};
  const bool is_west = reader.front() == '-';
  reader.expect("+-");
  const minutes offset = hours{reader.digits(2)} + (reader.expect(":"), minutes{reader.digits(2)});
  return is_west ? -offset : offset;
}

} // namespace

std::string time_text(domain::instant at) {
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<microseconds> clock{at - day};
  std::array<char, 40> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string http_date_text(domain::instant at) {
  constexpr std::array day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<seconds> clock{floor<seconds>(at) - day};
  std::array<char, 48> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      day_names[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
      month_names[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<domain::instant> time_from(std::string_view text) {
  time_reader reader{text};
  const year y{reader.digits(4)};
  reader.expect("-");
  const month m{static_cast<unsigned>(reader.digits(2))};
  reader.expect("-");
  const year_month_day date{y, m, day{static_cast<unsigned>(reader.digits(2))}};
  reader.expect("Tt");
  const int hour = reader.digits(2);
  reader.expect(":");
  const int minute = reader.digits(2);
  reader.expect(":");
  const int second = reader.digits(2);
  const microseconds fraction = reader.takes(".") ? reader.fraction() : microseconds{0};
  const minutes offset = read_offset(reader);
  const bool is_in_range = hour < 24 && minute < 60 && second < 60 && abs(offset) < hours{24};
  if (!reader.is_done() || !date.ok() || !is_in_range) return std::nullopt;
  return sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + fraction - offset;
}

} // namespace busbar::adapters::http
