#include "ocpp/wire/frame_reader.hpp"

#include "domain/fault_list.hpp"
#include "ocpp/wire/repeated_name.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <span>

namespace busbar::ocpp::wire {

namespace {

using simdjson::dom::element;

/// A CALLERROR has five parts; one more shows that there are too many.
constexpr std::size_t parts_shown = 6;
constexpr std::size_t name_bytes_shown = 80;

/// What stands before a frame's action or payload.
struct frame_head {
  std::optional<frame_kind> kind;
  std::string message_id;
};

frame_kind kind_of(std::int64_t type) {
  switch (type) {
  case 2: return frame_kind::call;
  case 3: return frame_kind::result;
  case 4: return frame_kind::error;
  default: return frame_kind::unknown;
  }
}

std::string_view without_space(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r\n");
  return start == text.npos ? std::string_view{} : text.substr(start);
}

bool take(std::string_view& text, char wanted) {
  text = without_space(text);
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

bool is_plain(char each) { return each >= 0x20 && each < 0x7F && each != '\\' && each != '"'; }

/// Of a text that is no JSON: as far as it begins like a frame, with an id of plain characters.
frame_head head_of(std::string_view text) {
  frame_head head;
  if (!take(text, '[')) return head;
  text = without_space(text);
  if (text.empty() || text[0] < '0' || text[0] > '9') return head;
  const auto type = text[0] - '0';
  text.remove_prefix(1);
  if (!take(text, ',')) return head;
  head.kind = kind_of(type);
  if (!take(text, '"')) return head;
  std::size_t size = 0;
  while (size < text.size() && size <= message_id_bytes_max && is_plain(text[size])) ++size;
  const bool is_whole = size < text.size() && text[size] == '"' && size <= message_id_bytes_max;
  if (is_whole) head.message_id = std::string(text.substr(0, size));
  return head;
}

std::string quoted(std::string_view text) {
  const auto cut = domain::shortened(std::string(text), name_bytes_shown);
  return "`" + domain::shortened(domain::one_line(cut), name_bytes_shown) + "`";
}

frame_fault fault_of(frame_head head, const std::string& why) {
  return {error_code::formation_violation, why, std::move(head.message_id), head.kind};
}

std::string why_no_json(simdjson::error_code error) {
  if (error == simdjson::DEPTH_ERROR)
    return "nested more than " + std::to_string(frame_depth_max) + " deep";
  return std::string("no JSON document: ") + simdjson::error_message(error);
}

/// Reads the parts of one document into a frame.
class part_reader {
public:
  part_reader(std::span<const element> parts, const element& empty)
      : parts_(parts), empty_(empty) {}

  frame_or_fault read() {
    std::int64_t type = 0;
    if (parts_.empty() || parts_[0].get(type)) return fail("the message type is not an integer");
    frame_.kind = kind_of(type);
    kind_ = frame_.kind;
    if (frame_.kind == frame_kind::unknown) return frame_;
    if (parts_.size() < 3) return fail("a frame has at least 3 parts");
    if (const char* why = read_id()) return fail(why);
    const char* why = frame_.kind == frame_kind::call     ? read_call()
                      : frame_.kind == frame_kind::result ? read_result()
                                                          : read_error();
    if (why) return fail(why);
    return check_names();
  }

private:
  const char* read_id() {
    std::string_view id;
    if (parts_[1].get(id)) return "the message id is not a text";
    if (id.empty()) return "the message id is empty";
    if (id.size() > message_id_bytes_max) return "the message id has more than 255 bytes";
    frame_.message_id = id;
    return nullptr;
  }

  const char* read_call() {
    if (parts_.size() != 4) return "a CALL has 4 parts: 2, id, action, payload";
    if (parts_[2].get(frame_.action)) return "the action is not a text";
    if (frame_.action.empty()) return "the action is empty";
    return read_payload(parts_[3]);
  }

  const char* read_result() {
    if (parts_.size() != 3) return "a CALLRESULT has 3 parts: 3, id, payload";
    return read_payload(parts_[2]);
  }

  /// Stations leave out description and details, and send null for each of them.
  const char* read_error() {
    if (parts_.size() > 5) return "a CALLERROR has 5 parts: 4, id, code, description, details";
    frame_.error_code = text_or_empty(2);
    frame_.error_description = text_or_empty(3);
    const bool has_details = parts_.size() == 5 && parts_[4].is_object();
    frame_.error_details = has_details ? parts_[4] : empty_;
    return nullptr;
  }

  const char* read_payload(const element& payload) {
    frame_.payload = payload.is_null() ? empty_ : payload;
    return frame_.payload.is_object() ? nullptr : "the payload is not an object";
  }

  std::string_view text_or_empty(std::size_t part) {
    std::string_view text;
    if (part >= parts_.size() || parts_[part].get(text)) return {};
    return text;
  }

  frame_or_fault check_names() {
    const bool is_error = frame_.kind == frame_kind::error;
    const auto twice = repeated_name(is_error ? frame_.error_details : frame_.payload);
    if (twice) return fail("the name " + quoted(*twice) + " stands twice in one object");
    return frame_;
  }

  [[nodiscard]] frame_fault fail(const std::string& why) const {
    return fault_of({kind_, std::string(frame_.message_id)}, why);
  }

  std::span<const element> parts_;
  const element& empty_;
  frame frame_;
  std::optional<frame_kind> kind_;
};

} // namespace

frame_reader::frame_reader() : padded_(frame_bytes_max + simdjson::SIMDJSON_PADDING) {
  [[maybe_unused]] const auto room = parser_.allocate(frame_bytes_max, frame_depth_max);
  assert(room == simdjson::SUCCESS);
  [[maybe_unused]] const auto error =
      empty_parser_.parse(std::string_view("{}")).get(empty_);
  assert(error == simdjson::SUCCESS);
}

frame_or_fault frame_reader::read(std::string_view text) {
  if (text.size() > frame_bytes_max)
    return fault_of(head_of(text.substr(0, frame_bytes_max)),
                    "a frame of " + domain::grouped(text.size()) + " bytes: at most " +
                        domain::grouped(frame_bytes_max));
  return parse(text);
}

frame_or_fault frame_reader::parse(std::string_view text) {
  std::ranges::copy(text, padded_.begin());
  element document;
  const auto error = parser_.parse(padded_.data(), text.size(), false).get(document);
  if (error) return fault_of(head_of(text), why_no_json(error));
  simdjson::dom::array list;
  if (document.get(list)) return fault_of({}, "a frame is a JSON array");
  std::array<element, parts_shown> parts;
  std::size_t count = 0;
  for (const auto part : list)
    if (count < parts.size()) parts[count++] = part;
  return part_reader{{parts.data(), count}, empty_}.read();
}

} // namespace busbar::ocpp::wire
