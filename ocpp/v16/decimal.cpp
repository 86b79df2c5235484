#include "ocpp/v16/decimal.hpp"

#include "domain/electrical.hpp"
#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <cassert>
#include <string>

namespace busbar::ocpp::v16 {

namespace {

constexpr int digits_kept = 18;
/// Beyond this every number is either 0 or not to be held.
constexpr std::int64_t exponent_most = 64;

std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

/// A number taken apart: its digits without the point, and where the point stands from their end.
struct parts {
  bool is_negative = false;
  std::string digits;
  std::int64_t scale = 0;
};

bool take_digits(std::string_view text, parts& into) {
  bool has_point = false;
  bool has_digit = false;
  for (const char each : text) {
    if (each == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (each < '0' || each > '9') return false;
    has_digit = true;
    into.digits += each;
    if (has_point) ++into.scale;
  }
  return has_digit;
}

/// Without zeros in front, and without zeros behind the point.
void shorten(parts& of) {
  while (of.scale > 0 && !of.digits.empty() && of.digits.back() == '0') {
    of.digits.pop_back();
    --of.scale;
  }
  // Digits that no meter has.
  while (of.scale > digits_kept && !of.digits.empty()) {
    of.digits.pop_back();
    --of.scale;
  }
  of.digits.erase(0, of.digits.find_first_not_of('0') == of.digits.npos
                         ? of.digits.size()
                         : of.digits.find_first_not_of('0'));
  if (of.digits.empty()) of.scale = 0;
}

std::optional<parts> parts_of(std::string_view text) {
  const auto exponent_at = text.find_first_of("eE");
  parts found;
  found.is_negative = text.starts_with('-');
  if (found.is_negative || text.starts_with('+')) text.remove_prefix(1);
  const auto mantissa_end = text.find_first_of("eE");
  if (!take_digits(text.substr(0, mantissa_end), found)) return std::nullopt;
  if (exponent_at == text.npos) return found;
  const auto exponent = integer_from(text.substr(mantissa_end + 1));
  if (!exponent || *exponent > exponent_most || *exponent < -exponent_most) return std::nullopt;
  found.scale -= *exponent;
  return found;
}

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  if (start == text.npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r\n") - start + 1);
}

} // namespace

std::optional<decimal> decimal_from(std::string_view text) {
  auto found = parts_of(trimmed(text));
  if (!found) return std::nullopt;
  shorten(*found);
  if (found->digits.empty()) return decimal{};
  // 1.5E7: zeros in the place of a negative scale.
  if (found->scale < 0) {
    found->digits.append(static_cast<std::size_t>(-found->scale), '0');
    found->scale = 0;
  }
  if (found->digits.size() > digits_kept) return std::nullopt;
  std::int64_t digits = 0;
  for (const char each : found->digits) digits = digits * 10 + (each - '0');
  return decimal{found->is_negative ? -digits : digits, static_cast<std::uint8_t>(found->scale)};
}

namespace {

template <class Divide>
std::optional<std::int64_t> units_of(const decimal& value, int places, Divide divide) {
  assert(places >= 0 && places <= digits_kept);
  if (value.scale > places) return divide(value.digits, power_of_ten(value.scale - places));
  std::int64_t units = 0;
  if (__builtin_mul_overflow(value.digits, power_of_ten(places - value.scale), &units))
    return std::nullopt;
  return units;
}

} // namespace

std::optional<std::int64_t> units_floor(const decimal& value, int places) {
  return units_of(value, places, domain::rounding::divide_floor);
}

std::optional<std::int64_t> units_ceil(const decimal& value, int places) {
  return units_of(value, places, domain::rounding::divide_ceil);
}

} // namespace busbar::ocpp::v16
