#pragma once
// One frame of OCPP-J, read: its parts, or what is wrong with it as a frame.

#include "ocpp/wire/error_code.hpp"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace busbar::ocpp::wire {

enum class frame_kind : std::uint8_t {
  /// [2, id, action, payload]
  call,
  /// [3, id, payload]
  result,
  /// [4, id, code, description, details]
  error,
  /// A message type that is not one of these three: ignored (OCPP-J, 4.1.3).
  unknown,
};

/// Texts and elements point into the reader that made it, and stand until its next `read`.
struct frame {
  frame_kind kind = frame_kind::unknown;
  std::string_view message_id;
  /// Of a call.
  std::string_view action;
  /// Of a call and a result: an object; null in the frame is the empty object.
  simdjson::dom::element payload;
  /// Of an error: as the station spells it (`error_code_from` understands it), empty where it sends
  /// no text.
  std::string_view error_code;
  /// Of an error; empty where it sends none.
  std::string_view error_description;
  /// Of an error: an object; the empty object where it sends none.
  simdjson::dom::element error_details;
};

/// Why a text is no frame. A call whose id could be read is answered with `code` and `description`;
/// a result or error whose id could be read ends the call that it belongs to; all else is counted.
struct frame_fault {
  wire::error_code code = wire::error_code::formation_violation;
  /// What stands there, what is allowed; at most 255 characters, on one line.
  std::string description;
  /// Empty where it could not be read.
  std::string message_id;
  /// Absent where it could not be read.
  std::optional<frame_kind> kind;
};

using frame_or_fault = std::variant<frame, frame_fault>;

} // namespace busbar::ocpp::wire
