#pragma once
// Payloads that a schema allows, and payloads that break one of its rules in one of its fields.

#include "schema_judge.hpp"

#include <string>
#include <vector>

namespace busbar::ocpp::v16 {

struct schema_case {
  /// "/meterValue/0/timestamp = 7".
  std::string what;
  nlohmann::json payload;
};

/// Every field with every value that its rules tell apart, one field at a time; each field left
/// out; a further member in each object. Two bases: all members, and the required ones alone.
std::vector<schema_case> cases_of(const schema& of);

/// What the table says of `test`: the code of the first fault, empty where it is accepted.
std::string checked(const schema& by, const nlohmann::json& payload);

} // namespace busbar::ocpp::v16
