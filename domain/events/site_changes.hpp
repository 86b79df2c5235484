#pragma once
// A site's file, configuration or tree changes: what is taken over, and what is not.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace busbar::domain::events {

[[nodiscard]] event site_reloaded(const moment& now, epoch goes_on_with);

/// A node or a station has other settings from now on.
[[nodiscard]] event site_configured(const moment& now, std::string subject,
                                    const std::string& setting, const cause& by);
[[nodiscard]] event configuration_left_out(const moment& now, const std::string& setting);
/// Stations fall back to less than they were told before (LIM-4).
[[nodiscard]] event fallback_accepted(const moment& now);

/// What a connector may still draw where it hung before.
struct reserve_words {
  milliamperes current{};
  node_id node;
  seconds holds{};
};
/// A connector that is not where it was.
struct left_words {
  /// "CP-001/1".
  std::string connector;
  bool is_gone = false;
  std::string why;
  /// Its session, which ends.
  std::optional<session_id> session;
  std::optional<reserve_words> reserve;
};
/// "connector_gone" or "connector_rewired"; a warning where a session ends.
[[nodiscard]] event connector_left(const moment& now, const left_words& words);
[[nodiscard]] event connectors_left(const moment& now, std::size_t more);
[[nodiscard]] event order_void(const moment& now, std::string subject, const std::string& why);
/// `owners` names the connectors, for people.
[[nodiscard]] event left_behind_over(const moment& now, const std::string& owners);

[[nodiscard]] event state_not_carried(const moment& now, std::size_t sessions, std::size_t limits);
[[nodiscard]] event tree_not_kept(const moment& now, std::size_t bytes, std::size_t bytes_max);

} // namespace busbar::domain::events
