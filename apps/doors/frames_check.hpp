#pragma once
// Holds frames of OCPP 1.6 to the protocol, one a line: what `busbar ocpp frames` prints.

#include "ocpp/v16/tolerance.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace busbar::apps::doors {

struct frames_verdict {
  /// {"frames": [one for each line that is not empty], "accepted": n, "refused": n, "ignored": n}
  std::string json;
  std::size_t refused = 0;
};

/// An answer is held to the message whose CALL stands before it in `text` under the same id; one
/// without a CALL is only read.
[[nodiscard]] frames_verdict check_frames(std::string_view text,
                                          ocpp::v16::tolerance_set tolerances);

} // namespace busbar::apps::doors
