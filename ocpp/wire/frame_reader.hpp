#pragma once
// Reads frames. One reader a thread: it keeps simdjson's parser and a padded buffer, about 1 MB
// where frames of the largest size come.
//
// What it refuses, with its reason, and never crashes over: a frame above its bound (before it is
// parsed), what is no JSON document (NUL, bad UTF-8, 1e999, an integer beyond 64 bits), nesting
// above its bound, an object with one name twice, and a document that is no frame.

#include "ocpp/wire/frame.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace busbar::ocpp::wire {

/// 64 KiB.
inline constexpr std::size_t frame_bytes_max = 65'536;
/// The protocol says 36 characters; stations in the field send a few more.
inline constexpr std::size_t message_id_bytes_max = 255;
inline constexpr std::size_t frame_depth_max = 32;
/// OCPP-J, 4.2.3: of an error, in characters.
inline constexpr std::size_t error_description_max = 255;

class frame_reader {
public:
  frame_reader();
  frame_reader(const frame_reader&) = delete;
  frame_reader& operator=(const frame_reader&) = delete;

  /// The frame points into this reader and stands until the next `read`.
  [[nodiscard]] frame_or_fault read(std::string_view text);

private:
  [[nodiscard]] frame_or_fault parse(std::string_view text);

  simdjson::dom::parser parser_;
  std::vector<char> padded_;
  /// Holds the empty object.
  simdjson::dom::parser empty_parser_;
  simdjson::dom::element empty_;
};

} // namespace busbar::ocpp::wire
