#include "adapters/http/server/http_date.hpp"

#include <array>
#include <cstdio>

namespace busbar::adapters::http::server {

using namespace std::chrono;

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

} // namespace busbar::adapters::http::server
