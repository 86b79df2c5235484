#include "ocpp/wire/frame_writer.hpp"

#include "domain/fault_list.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "text/json_writer.hpp"

namespace busbar::ocpp::wire {

namespace {

/// Brackets, commas, quotes and a type; ids and actions seldom need an escape.
constexpr std::size_t frame_extra = 32;

} // namespace

std::string write_call(std::string_view id, std::string_view action,
                       std::string_view payload_json) {
  text::json_writer json(id.size() + action.size() + payload_json.size() + frame_extra);
  json.begin_array().value(2).value(id).value(action).raw(payload_json).end_array();
  return json.take();
}

std::string write_result(std::string_view id, std::string_view payload_json) {
  text::json_writer json(id.size() + payload_json.size() + frame_extra);
  json.begin_array().value(3).value(id).raw(payload_json).end_array();
  return json.take();
}

std::string write_error(std::string_view id, std::string_view code,
                        std::string_view description) {
  text::json_writer json(id.size() + code.size() + error_description_max + frame_extra);
  json.begin_array().value(4).value(id).value(code);
  json.value(domain::shortened(std::string(description), error_description_max));
  json.begin_object().end_object().end_array();
  return json.take();
}

} // namespace busbar::ocpp::wire
