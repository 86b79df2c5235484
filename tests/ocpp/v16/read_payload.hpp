#pragma once
// Payloads of tests, read by a reader that keeps them until the next one.

#include "ocpp/v16/message_check.hpp"
#include "ocpp/wire/frame_reader.hpp"

#include <string>

namespace busbar::ocpp::v16 {

/// REQUIRES: `json` is an object. Stands until the next call.
inline simdjson::dom::element payload_of(const std::string& json) {
  static wire::frame_reader reader;
  const auto read = reader.read("[3,\"id\"," + json + "]");
  return std::get<wire::frame>(read).payload;
}

inline verdict checked_request(action which, const std::string& json,
                               tolerance_set tolerances = tolerance_set::all()) {
  return check(which, direction::request, payload_of(json), tolerances);
}

/// "Code /pointer" of the first fault; empty: accepted.
inline std::string first_fault(const verdict& found) {
  if (found.is_accepted()) return "";
  return std::string(name_of(found.faults.front().code)) + " " + found.faults.front().pointer;
}

} // namespace busbar::ocpp::v16
