#include "apps/replay/replay_time.hpp"

#include "domain/time_text.hpp"

#include <chrono>
#include <cstdlib>

namespace busbar::apps::replay {

namespace {

std::optional<domain::seconds> time_of_day(const std::string& text) {
  const bool has_form = text.size() == 5 || text.size() == 8;
  if (!has_form) return std::nullopt;
  int parts[3]{};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_colon = i == 2 || i == 5;
    if (is_colon ? text[i] != ':' : text[i] < '0' || text[i] > '9') return std::nullopt;
    if (!is_colon) parts[i / 3] = parts[i / 3] * 10 + (text[i] - '0');
  }
  if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  return domain::seconds{parts[0] * 3'600 + parts[1] * 60 + parts[2]};
}

} // namespace

std::optional<domain::instant> time_from(const std::string& text, domain::instant begun,
                                         const domain::time_zone& zone) {
  const auto time = time_of_day(text);
  if (!time) return domain::instant_from(text);
  const auto offset = zone.offset_at(begun);
  const auto day = std::chrono::floor<std::chrono::days>(begun + offset);
  domain::instant at = day + *time - offset;
  // The whole second, or minute, in which it begins counts.
  const auto part = text.size() == 5 ? domain::seconds{60} : domain::seconds{1};
  if (at + part <= begun) at += std::chrono::days{1};
  return at;
}

} // namespace busbar::apps::replay
