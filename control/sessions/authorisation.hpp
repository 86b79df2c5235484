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
inline constexpr std::uint32_t concurrent_transactions_max = 1'000;

struct id_tag {
  /// 1 to 20 printable ASCII characters, as it was written down.
  std::string tag;
  bool is_blocked = false;
  /// Absent: never.
  std::optional<domain::instant> expires_at;
  /// Tags of one parent end each other's transactions; empty: none.
  std::string parent;
  std::string notes;
  /// By which stations know whom they serve (`tag_rules::group`); empty: none.
  std::string group = {};
  /// So many transactions may run with it at once, 1 to `concurrent_transactions_max`; 0: any.
  std::uint32_t concurrent_max = 0;
  bool operator==(const id_tag&) const = default;
};

/// Of a station: `all` takes tags that are not listed, `listed` does not, `free` takes its own
/// fixed tag whatever the list says of it, and of others only those that are listed. `external`
/// asks an authority, whose ruling stands above the list.
enum class tag_policy : std::uint8_t { all, listed, free, external };
[[nodiscard]] const char* name_of(tag_policy policy);

/// Of policy `external`, while the authority gives no answer: its last ruling on that tag counts,
/// the list does, or nobody charges.
enum class offline_rule : std::uint8_t { cached, listed, refuse };
[[nodiscard]] const char* name_of(offline_rule rule);

/// Whom a station serves.
struct tag_rules {
  tag_policy policy = tag_policy::all;
  /// Of policy `free`: what the station states for whoever plugs in.
  std::string free_tag = {};
  /// Not empty: listed tags of that group alone.
  std::string group = {};
  offline_rule offline = offline_rule::cached;
  bool operator==(const tag_rules&) const = default;
};

enum class tag_verdict : std::uint8_t { accepted, blocked, expired, invalid, concurrent };
/// As OCPP spells it: "Accepted".
[[nodiscard]] const char* name_of(tag_verdict verdict);

/// What an authority has said of a tag.
struct tag_ruling {
  tag_verdict verdict = tag_verdict::invalid;
  /// Absent: not stated.
  std::optional<domain::instant> expires_at = {};
  std::string parent = {};
  bool operator==(const tag_ruling&) const = default;
};

/// A tag that is stated, and what is known of it.
struct tag_question {
  std::string_view tag;
  /// Null: not listed.
  const id_tag* known = nullptr;
  /// Other transactions that run with it.
  std::size_t running = 0;
  /// The authority's newest ruling on it, null: none; and whether it still stands.
  const tag_ruling* ruling = nullptr;
  bool is_ruling_fresh = false;
};

/// A tag that is blocked or has expired is refused whatever the policy, but for a fixed one.
[[nodiscard]] tag_verdict authorise(const tag_question& asked, const tag_rules& rules,
                                    domain::instant now);

/// 1 to `tag_length_max` printable ASCII characters without a comma.
[[nodiscard]] bool is_tag(std::string_view text);
/// By which tags are compared.
[[nodiscard]] std::string tag_key(std::string_view tag);

} // namespace busbar::control::sessions
