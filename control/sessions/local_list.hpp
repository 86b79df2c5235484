#pragma once
// The list of tags that a station keeps for the time in which it reaches nobody, and the messages
// that bring it to another state.
//
// Its version follows from its content, so that a gateway that starts again knows a list that it
// has sent. OCPP 1.6 takes a difference only where its version is above that of the list: where it
// is not, the whole list goes out.

#include "control/sessions/authorisation.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::sessions {

struct local_tag {
  std::string tag;
  /// Accepted or blocked.
  tag_verdict status = tag_verdict::accepted;
  std::optional<domain::instant> expires_at = {};
  std::string parent = {};
  bool operator==(const local_tag&) const = default;
};

/// By tag, in small letters.
using local_list = std::vector<local_tag>;

/// Of a station with `rules`: the tags that may charge there, and those that are blocked; at most
/// `most`, those that may charge first. `listed`: by `tag_key`.
[[nodiscard]] local_list local_list_of(const std::map<std::string, id_tag>& listed,
                                       const tag_rules& rules, std::size_t most);

struct list_message {
  bool is_full = true;
  std::int32_t version = 0;
  /// At most as many as a message takes, with `gone`.
  local_list tags;
  std::vector<std::string> gone;
  bool operator==(const list_message&) const = default;
};

/// 1 to 2^31 - 1. `per_message`: tags that one message takes. REQUIRES: > 0.
[[nodiscard]] std::int32_t version_of(const local_list& list, std::size_t per_message);
/// The whole list, in one message or several. The first replaces what is there.
[[nodiscard]] std::vector<list_message> full_list(const local_list& list,
                                                  std::size_t per_message);
/// From `held` to `wanted`: nothing, a difference, or the whole list.
[[nodiscard]] std::vector<list_message> list_update(const local_list& held,
                                                    const local_list& wanted,
                                                    std::size_t per_message);

} // namespace busbar::control::sessions
