#pragma once
// A payload held to a JSON schema, with the rules that the schemas of OCPP 1.6 use and no other: a
// schema with another rule fails the test that reads it.

#include "ocpp/v16/message_form.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>

namespace busbar::ocpp::v16 {

struct schema {
  /// "MeterValues", and which of its two messages.
  std::string name;
  direction way{};
  nlohmann::json text;
};

/// `part` of `whole`, through its reference where it is one.
const nlohmann::json& resolved(const nlohmann::json& whole, const nlohmann::json& part);

/// The error code of OCPP that `payload` earns; empty where the schema allows it. Of several faults
/// any one.
std::string judged(const schema& by, const nlohmann::json& payload);

/// What each field is, by its place ("/meterValue/*/timestamp"): type, bounds, choices, required.
using field_texts = std::map<std::string, std::string>;
field_texts fields_of(const schema& of);
field_texts fields_of(fields_of_object form);

} // namespace busbar::ocpp::v16
