#pragma once
// Writes one JSON text front to back into a string: no tree, one buffer. What is not UTF-8 becomes
// U+FFFD, so that every text it makes can be read. The caller keeps begin and end in pairs.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace busbar::text {

class json_writer {
public:
  json_writer() = default;
  explicit json_writer(std::size_t expected_bytes) { text_.reserve(expected_bytes); }

  json_writer& begin_object() { return open('{'); }
  json_writer& end_object() { return close('}'); }
  json_writer& begin_array() { return open('['); }
  json_writer& end_array() { return close(']'); }
  /// The next value's name, in an object.
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view(text)); }
  json_writer& value(const std::string& text) { return value(std::string_view(text)); }
  json_writer& value(bool truth);
  json_writer& value(std::integral auto number) {
    return number_text(std::to_string(number));
  }
  json_writer& null();
  /// A value that is JSON already.
  json_writer& raw(std::string_view json);

  template <class Value> json_writer& member(std::string_view name, const Value& content) {
    key(name);
    return value(content);
  }
  json_writer& null_member(std::string_view name) { return key(name).null(); }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  json_writer& open(char bracket);
  json_writer& close(char bracket);
  json_writer& number_text(std::string_view digits);
  void separate();
  void escape(std::string_view text);
  std::size_t append_character(std::string_view text, std::size_t at);

  std::string text_;
  bool needs_comma_ = false;
};

} // namespace busbar::text
