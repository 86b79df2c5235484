// libFuzzer target over frames and messages of OCPP: whatever the text, no crash and no read past
// its end. What is read is checked as every message, strict and tolerant, and its samples are read;
// what strict takes tolerant takes too, and every refusal can be written and read back.

#include "ocpp/v16/message_check.hpp"
#include "ocpp/v16/present_values.hpp"
#include "ocpp/v16/station_time.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "ocpp/wire/frame_writer.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace busbar::ocpp;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void try_answer(std::string_view id, std::string_view code, std::string_view description) {
  if (id.empty()) return;
  // A reader of its own: the frame in hand points into the other one.
  static wire::frame_reader reader;
  const auto text = wire::write_error(id, code, description);
  const auto again = reader.read(text);
  const auto* frame = std::get_if<wire::frame>(&again);
  require(frame && frame->message_id == id && frame->error_code == code,
          "an error does not survive the way back");
}

void try_check(const wire::frame& frame, v16::action which, v16::direction way) {
  const auto strict = v16::check(which, way, frame.payload, v16::tolerance_set::none());
  const auto tolerant = v16::check(which, way, frame.payload, v16::tolerance_set::all());
  require(strict.used.empty(), "strict has used a tolerance");
  require(!strict.is_accepted() || tolerant.is_accepted(), "strict takes what tolerant refuses");
  require(tolerant.fault_count <= strict.fault_count, "tolerant finds more faults than strict");
  for (const auto& fault : strict.faults)
    try_answer(frame.message_id, v16::name_of(fault.code), fault.description());
}

void try_samples(const wire::frame& frame, const char* member) {
  simdjson::dom::element list;
  if (frame.payload[member].get(list)) return;
  const auto read = v16::read_samples(list);
  for (const auto& moment : v16::moments_of(read.samples)) {
    for (int lines = 1; lines <= 3; ++lines) {
      static_cast<void>(v16::line_draw(moment.outlet, {lines}));
      static_cast<void>(v16::line_draw(moment.inlet, {lines, busbar::domain::millivolts{1}}));
    }
    static_cast<void>(v16::grid_draw_w(moment, busbar::domain::permille{1}));
  }
}

void try_frame(const wire::frame& frame) {
  if (frame.kind == wire::frame_kind::unknown) return;
  if (frame.kind == wire::frame_kind::error) {
    static_cast<void>(wire::error_code_from(frame.error_code));
    return;
  }
  const bool is_call = frame.kind == wire::frame_kind::call;
  const auto known = v16::action_from(frame.action);
  for (const auto& form : v16::all_messages()) {
    if (known && form.is != *known) continue;
    try_check(frame, form.is, is_call ? v16::direction::request : v16::direction::response);
  }
  try_samples(frame, "meterValue");
  try_samples(frame, "transactionData");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static wire::frame_reader reader;
  // A heap block of exactly this size: reading past its end is seen.
  const std::vector<char> bytes(data, data + size);
  const std::string_view text(bytes.data(), bytes.size());
  const auto read = reader.read(text);
  if (const auto* fault = std::get_if<wire::frame_fault>(&read)) {
    require(fault->description.size() <= wire::error_description_max, "a long description");
    try_answer(fault->message_id, v16::name_of(fault->code), fault->description);
  } else {
    try_frame(std::get<wire::frame>(read));
  }
  static_cast<void>(v16::read_time(text));
  static_cast<void>(v16::decimal_from(text));
  return 0;
}
