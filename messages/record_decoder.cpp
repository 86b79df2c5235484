#include "messages/record_decoder.hpp"

#include <string>

namespace busbar::messages {

namespace {

/// A key as printable text: it may be any bytes of any length.
std::string shown(const std::string& key) {
  constexpr std::size_t shown_max = 64;
  std::string text;
  for (const char byte : key.substr(0, shown_max))
    text += byte > 0x20 && byte < 0x7F ? byte : '.';
  return key.size() > shown_max ? text + "..." : text;
}

} // namespace

domain::result<bytes_view> value_of(const ports::record& from) {
  if (from.value == nullptr)
    return domain::error{domain::errc::missing_field, "the record has no value"};
  return bytes_view{*from.value};
}

domain::result<void> check_key(const ports::record& from, const domain::site_id& site) {
  if (from.key == site.text()) return {};
  const auto allowed = "allowed is \"" + site.text() + "\", the site of its message";
  if (from.key.empty())
    return domain::error{domain::errc::missing_field, "the record has no key, " + allowed};
  return domain::error{domain::errc::out_of_range,
                       "the record's key is \"" + shown(from.key) + "\", " + allowed};
}

} // namespace busbar::messages
