#pragma once
// Holds a payload to the table of its message: every fault with its code, place and text, and what
// was taken although it is a fault (OCPP-5). Allocates nothing where there is no fault.

#include "ocpp/v16/call_error.hpp"
#include "ocpp/v16/message_form.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <simdjson.h>

#include <cstddef>
#include <vector>

namespace busbar::ocpp::v16 {

struct verdict {
  /// In the order of the payload, then what is missing of each object; at most
  /// `domain::fault_list::kept_max`. The first one is answered.
  std::vector<call_error> faults;
  /// Also those that are not kept.
  std::size_t fault_count = 0;
  /// Faults that were taken.
  tolerance_set used;

  [[nodiscard]] bool is_accepted() const { return fault_count == 0; }
};

/// `tolerances` are those of the station. They count for facts and for answers; other requests are
/// checked strictly. REQUIRES: `payload` is an object (`frame_reader` sees to it).
[[nodiscard]] verdict check(action which, direction way, const simdjson::dom::element& payload,
                            tolerance_set tolerances);

} // namespace busbar::ocpp::v16
