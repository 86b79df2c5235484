#include "text/json_writer.hpp"

#include <array>

namespace busbar::text {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the UTF-8 sequence at `text[at]`, 0 where it is not one (RFC 3629: no overlong forms,
/// no surrogates, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(at + 1);
  const bool is_overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool is_beyond = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return is_overlong || is_beyond ? 0 : length;
}

} // namespace

json_writer& json_writer::open(char bracket) {
  separate();
  text_ += bracket;
  needs_comma_ = false;
  return *this;
}

json_writer& json_writer::close(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  escape(name);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  separate();
  escape(text);
  return *this;
}

json_writer& json_writer::value(bool truth) { return raw(truth ? "true" : "false"); }

json_writer& json_writer::null() { return raw("null"); }

json_writer& json_writer::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

json_writer& json_writer::number_text(std::string_view digits) { return raw(digits); }

void json_writer::separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

void json_writer::escape(std::string_view text) {
  text_ += '"';
  for (std::size_t at = 0; at < text.size();) at += append_character(text, at);
  text_ += '"';
}

std::size_t json_writer::append_character(std::string_view text, std::size_t at) {
  constexpr std::string_view hex = "0123456789abcdef";
  const std::size_t length = sequence_length(text, at);
  if (length == 0) {
    text_ += replacement;
    return 1;
  }
  const auto character = static_cast<unsigned char>(text[at]);
  if (character == '"' || character == '\\') text_ += '\\';
  if (character >= 0x20) {
    text_ += text.substr(at, length);
    return length;
  }
  text_ += "\\u00";
  text_ += hex[character >> 4U];
  text_ += hex[character & 0xFU];
  return 1;
}

} // namespace busbar::text
