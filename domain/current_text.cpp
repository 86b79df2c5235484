#include "domain/current_text.hpp"

#include <cstdlib>

namespace busbar::domain {

std::string in_amperes(milliamperes current) {
  const auto size = std::abs(current.count());
  std::string text = (current.count() < 0 ? "-" : "") + std::to_string(size / 1'000);
  if (size % 1'000 == 0) return text;
  auto digits = std::to_string(1'000 + size % 1'000).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

std::string text_of(milliamperes current) { return in_amperes(current) + " A"; }

std::string text_of(const per_line<milliamperes>& lines) {
  if (lines[0] == lines[1] && lines[1] == lines[2]) return text_of(lines[0]);
  return in_amperes(lines[0]) + "/" + in_amperes(lines[1]) + "/" + text_of(lines[2]);
}

} // namespace busbar::domain
