#include "ocpp/v16/call_error.hpp"

namespace busbar::ocpp::v16 {

const char* name_of(call_error_code code) {
  using enum call_error_code;
  switch (code) {
  case formation_violation: return "FormationViolation";
  case type_constraint_violation: return "TypeConstraintViolation";
  case occurence_constraint_violation: return "OccurenceConstraintViolation";
  case property_constraint_violation: return "PropertyConstraintViolation";
  }
  return "";
}

} // namespace busbar::ocpp::v16
