#include "domain/events/form.hpp"

#include <cassert>
#include <string_view>
#include <utility>

namespace busbar::domain::events {

namespace {

std::string filled_text(std::string_view text, std::initializer_list<std::string> values) {
  std::string whole;
  for (const auto& value : values) {
    const auto begin = text.find('{');
    const auto end = text.find('}');
    assert(begin != std::string_view::npos && end > begin && "more values than words in braces");
    whole.append(text.substr(0, begin)).append(value);
    text.remove_prefix(end + 1);
  }
  assert(text.find('{') == std::string_view::npos && "fewer values than words in braces");
  return whole.append(text);
}

} // namespace

event filled(const form& of, const moment& now, std::string subject,
             std::initializer_list<std::string> values) {
  event one;
  one.site = now.site;
  one.at = now.at;
  one.speaker = of.speaker;
  one.level = of.level.least;
  one.kind = of.kind;
  one.subject = std::move(subject);
  one.text = filled_text(of.text, values);
  return one;
}

event caused(event one, cause by) {
  one.caused_by = std::move(by);
  return one;
}

event raised_to(event one, const form& of, severity level) {
  assert(of.level.least <= level && level <= of.level.most);
  one.level = level;
  return one;
}

} // namespace busbar::domain::events
