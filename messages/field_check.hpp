#pragma once
// Range checks of decoders: cheap where the field is right, precise where it is not.
// The first check that fails is kept; `failure` tells field, value and what is allowed.

#include "domain/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace busbar::messages {

[[nodiscard]] bool is_utf8(std::string_view text);
/// `text` cut to at most `bytes_max` bytes, never within a character.
[[nodiscard]] std::string_view cut_text(std::string_view text, std::size_t bytes_max);

class field_check {
public:
  /// lowest <= value <= highest.
  bool in_range(const char* field, std::int64_t value, std::int64_t lowest, std::int64_t highest) {
    if (value >= lowest && value <= highest) [[likely]] return true;
    return refuse_number(field, value, lowest, highest);
  }
  /// A value of an enumeration: 1..highest. 0 (unspecified) is errc::missing_field.
  template <class Enum> bool is_set(const char* field, Enum value, Enum highest) {
    if (value >= Enum{1} && value <= highest) [[likely]] return true;
    return refuse_choice(field, static_cast<std::int64_t>(value),
                         static_cast<std::int64_t>(highest));
  }
  /// A value of an enumeration, unspecified allowed: 0..highest.
  template <class Enum> bool is_known(const char* field, Enum value, Enum highest) {
    return in_range(field, static_cast<std::int64_t>(value), 0, static_cast<std::int64_t>(highest));
  }
  /// A name: UTF-8 without control characters, at least one byte.
  bool is_name(const char* field, std::string_view text, std::size_t bytes_max);
  /// The same, or empty.
  bool is_name_or_empty(const char* field, std::string_view text, std::size_t bytes_max);
  /// A text for people: UTF-8.
  bool is_text(const char* field, std::string_view text, std::size_t bytes_max);
  /// Number of entries or bytes. errc::too_large above `most`.
  bool is_size(const char* field, std::size_t size, std::size_t most);

  /// REQUIRES: a check failed.
  [[nodiscard]] domain::error failure() const;
  /// The same for a field of the entry `place` of `vector`: "readings[3].power_w: ...".
  [[nodiscard]] domain::error failure(const char* vector, std::size_t place) const;

private:
  bool refuse_number(const char* field, std::int64_t value, std::int64_t lowest,
                     std::int64_t highest);
  bool refuse_choice(const char* field, std::int64_t value, std::int64_t highest);
  bool refuse(domain::errc code, const char* field, std::string what);

  domain::errc code_ = domain::errc::unspecified;
  const char* field_ = "";
  std::string what_;
};

} // namespace busbar::messages
