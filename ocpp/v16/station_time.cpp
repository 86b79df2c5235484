#include "ocpp/v16/station_time.hpp"

#include "domain/time_text.hpp"

#include <string>

namespace busbar::ocpp::v16 {

namespace {

using domain::instant;
using std::chrono::minutes;

/// Longer than every form that is read: fractions beyond are no clock of a station.
constexpr std::size_t time_bytes_max = 64;

constexpr std::chrono::sys_days earliest{std::chrono::year{2010} / 1 / 1};
constexpr std::chrono::sys_days latest{std::chrono::year{2101} / 1 / 1};

bool is_digit(char each) { return each >= '0' && each <= '9'; }

bool are_digits(std::string_view text) {
  for (const char each : text)
    if (!is_digit(each)) return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

/// Rewrites a time into RFC 3339 piece by piece; absent where a piece is none.
class time_rewriter {
public:
  explicit time_rewriter(std::string_view text) : rest_(trimmed(text)) {}

  std::optional<station_time> read(minutes offset) {
    if (rest_.size() > time_bytes_max || !take_date() || !take_clock() || !take_zone())
      return std::nullopt;
    auto at = domain::instant_from(text_);
    if (!at) return std::nullopt;
    if (flags_.has(tolerance::time_without_zone)) *at -= offset;
    if (is_leap_) *at += std::chrono::seconds{1};
    return station_time{at, flags_};
  }

private:
  bool take_date() {
    if (rest_.size() < 11) return false;
    text_ = rest_.substr(0, 10);
    const char separator = rest_[10];
    if (separator != 'T' && separator != 't' && separator != ' ') return false;
    text_ += 'T';
    rest_.remove_prefix(11);
    return true;
  }

  bool take_clock() {
    if (rest_.size() < 5) return false;
    text_ += rest_.substr(0, 5);
    rest_.remove_prefix(5);
    if (rest_.empty() || rest_[0] != ':') {
      text_ += ":00";
      return true;
    }
    if (rest_.size() < 3) return false;
    // A leap second where there is none: the second after the one before it.
    is_leap_ = rest_.substr(0, 3) == ":60";
    text_ += is_leap_ ? std::string_view(":59") : rest_.substr(0, 3);
    rest_.remove_prefix(3);
    take_fraction();
    return true;
  }

  void take_fraction() {
    if (rest_.empty() || (rest_[0] != '.' && rest_[0] != ',')) return;
    std::size_t size = 1;
    while (size < rest_.size() && is_digit(rest_[size])) ++size;
    if (size > 1) text_ += "." + std::string(rest_.substr(1, size - 1));
    rest_.remove_prefix(size);
  }

  bool take_zone() {
    rest_ = trimmed(rest_);
    if (rest_.empty()) {
      flags_ = {tolerance::time_without_zone};
      text_ += 'Z';
      return true;
    }
    if (rest_ == "Z" || rest_ == "z") {
      text_ += 'Z';
      return true;
    }
    return (rest_[0] == '+' || rest_[0] == '-') && take_offset();
  }

  /// "+02", "+0200" and "+02:00".
  bool take_offset() {
    text_ += rest_[0];
    rest_.remove_prefix(1);
    const bool has_colon = rest_.size() == 5 && rest_[2] == ':';
    const std::string digits =
        std::string(rest_.substr(0, 2)) + std::string(has_colon ? rest_.substr(3)
                                                      : rest_.size() > 2 ? rest_.substr(2)
                                                                         : std::string_view("00"));
    if (digits.size() != 4 || !are_digits(digits)) return false;
    text_ += digits.substr(0, 2) + ":" + digits.substr(2);
    return true;
  }

  std::string_view rest_;
  std::string text_;
  tolerance_set flags_{tolerance::time_form};
  bool is_leap_ = false;
};

station_time checked(station_time time) {
  if (!time.at || (*time.at >= earliest && *time.at < latest)) return time;
  time.at.reset();
  time.flags.add(tolerance::implausible_time);
  return time;
}

} // namespace

station_time read_time(std::string_view text, minutes offset) {
  if (const auto at = domain::instant_from(text)) return checked({at, {}});
  const auto rewritten = time_rewriter(text).read(offset);
  return checked(rewritten.value_or(station_time{{}, {tolerance::unreadable_time}}));
}

} // namespace busbar::ocpp::v16
