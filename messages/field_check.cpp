#include "messages/field_check.hpp"

#include <algorithm>
#include <utility>

namespace busbar::messages {

namespace {

/// Size of the character that begins at `text[0]`; 0 where it is not well formed UTF-8
/// (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_size(std::string_view text) {
  const auto at = [&](std::size_t place) { return static_cast<unsigned char>(text[place]); };
  const auto is_within = [&](std::size_t place, unsigned low, unsigned high) {
    return place < text.size() && at(place) >= low && at(place) <= high;
  };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) return is_within(1, 0x80, 0xBF) ? 2 : 0;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (!is_within(1, low, high) || !is_within(2, 0x80, 0xBF)) return 0;
  if (first < 0xF0) return 3;
  return is_within(3, 0x80, 0xBF) ? 4 : 0;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

} // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string_view cut_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

bool field_check::is_name(const char* field, std::string_view text, std::size_t bytes_max) {
  if (text.empty()) return refuse(domain::errc::missing_field, field, "is empty");
  return is_name_or_empty(field, text, bytes_max);
}

bool field_check::is_name_or_empty(const char* field, std::string_view text,
                                   std::size_t bytes_max) {
  if (!is_text(field, text, bytes_max)) return false;
  if (!has_control_character(text)) return true;
  return refuse(domain::errc::out_of_range, field, "has a control character");
}

bool field_check::is_text(const char* field, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max)
    return refuse(domain::errc::out_of_range, field,
                  "has " + std::to_string(text.size()) + " bytes, at most " +
                      std::to_string(bytes_max) + " are allowed");
  if (is_utf8(text)) return true;
  return refuse(domain::errc::out_of_range, field, "is not UTF-8");
}

bool field_check::is_size(const char* field, std::size_t size, std::size_t most) {
  if (size <= most) return true;
  return refuse(domain::errc::too_large, field,
                "has size " + std::to_string(size) + ", at most " + std::to_string(most) +
                    " is allowed");
}

domain::error field_check::failure() const { return {code_, std::string(field_) + " " + what_}; }

domain::error field_check::failure(const char* vector, std::size_t place) const {
  return {code_, std::string(vector) + "[" + std::to_string(place) + "]." + field_ + " " + what_};
}

bool field_check::refuse_number(const char* field, std::int64_t value, std::int64_t lowest,
                                std::int64_t highest) {
  return refuse(domain::errc::out_of_range, field,
                "is " + std::to_string(value) + ", allowed is " + std::to_string(lowest) + ".." +
                    std::to_string(highest));
}

bool field_check::refuse_choice(const char* field, std::int64_t value, std::int64_t highest) {
  if (value == 0)
    return refuse(domain::errc::missing_field, field,
                  "is unspecified, allowed is 1.." + std::to_string(highest));
  return refuse_number(field, value, 1, highest);
}

bool field_check::refuse(domain::errc code, const char* field, std::string what) {
  code_ = code;
  field_ = field;
  what_ = std::move(what);
  return false;
}

} // namespace busbar::messages
