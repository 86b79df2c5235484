#pragma once
// Whether a tag (RFID card, app, plate) may charge, from the list of tags and the policy of its
// station. A tag is known by its text without regard to capitals (OCPP's CiString).

#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::control::sessions {

/// What OCPP 1.6 takes of a tag, and of its parent.
inline constexpr std::size_t tag_length_max = 20;

struct id_tag {
  /// 1 to 20 printable ASCII characters, as it was written down.
  std::string tag;
  bool is_blocked = false;
  /// Absent: never.
  std::optional<domain::instant> expires_at;
  /// Tags of one parent end each other's transactions; empty: none.
  std::string parent;
  std::string notes;
  bool operator==(const id_tag&) const = default;
};

/// Of a station, for tags that are not listed.
enum class tag_policy : std::uint8_t { all, listed };
[[nodiscard]] const char* name_of(tag_policy policy);

enum class tag_verdict : std::uint8_t { accepted, blocked, expired, invalid };
/// As OCPP spells it: "Accepted".
[[nodiscard]] const char* name_of(tag_verdict verdict);

/// `known`: null where the tag is not listed. A tag that is blocked or has expired is refused
/// whatever the policy.
[[nodiscard]] tag_verdict authorise(const id_tag* known, tag_policy policy, domain::instant now);

/// 1 to `tag_length_max` printable ASCII characters without a comma.
[[nodiscard]] bool is_tag(std::string_view text);
/// By which tags are compared.
[[nodiscard]] std::string tag_key(std::string_view tag);

} // namespace busbar::control::sessions
