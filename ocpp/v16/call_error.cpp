#include "ocpp/v16/call_error.hpp"

namespace busbar::ocpp::v16 {

const char* name_of(call_error_code code) {
  using enum wire::error_code;
  switch (code) {
  case not_implemented: return "NotImplemented";
  case not_supported: return "NotSupported";
  case internal_error: return "InternalError";
  case protocol_error: return "ProtocolError";
  case security_error: return "SecurityError";
  case formation_violation: return "FormationViolation";
  case property_constraint_violation: return "PropertyConstraintViolation";
  case occurence_constraint_violation: return "OccurenceConstraintViolation";
  case type_constraint_violation: return "TypeConstraintViolation";
  case generic_error: return "GenericError";
  }
  return "";
}

} // namespace busbar::ocpp::v16
