#include "site/held_commands.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace busbar::site {

using domain::command;
using domain::command_kind;

namespace {

std::set<domain::session_id> sessions_of(const std::vector<command>& held, command_kind kind) {
  std::set<domain::session_id> sessions;
  for (const auto& one : held)
    if (one.kind == kind) sessions.insert(one.session);
  return sessions;
}

void drop_sessions_that_never_were(std::vector<command>& held) {
  const auto begun = sessions_of(held, command_kind::start);
  const auto ended = sessions_of(held, command_kind::stop);
  std::erase_if(held, [&](const command& one) {
    const bool is_of_session =
        one.kind == command_kind::start || one.kind == command_kind::stop;
    return is_of_session && begun.contains(one.session) && ended.contains(one.session);
  });
}

/// Orders about different profiles of one connector stand side by side, and every clearing does; at
/// most 32 orders of a station are on their way.
std::int64_t profile_of(const command& one) {
  if (one.kind == command_kind::clear_charging_profile)
    return static_cast<std::int64_t>(one.number);
  const bool installs = one.profile.order && one.profile.order->installs;
  return installs ? one.profile.order->installs->id : 0;
}

/// Of two commands that say the same thing of the same connector only the newer one counts.
using matter = std::tuple<domain::connector_index, command_kind, std::int64_t>;

matter matter_of(const command& one) { return {one.connector, one.kind, profile_of(one)}; }

} // namespace

void put_in_order(std::vector<command>& commands) {
  if (!std::ranges::is_sorted(commands, {}, &command::connector))
    std::ranges::stable_sort(commands, {}, &command::connector);
}

void drop_superseded(std::vector<command>& held, const std::vector<command>& newer) {
  if (held.empty()) return;
  std::set<matter> said_anew;
  for (const auto& one : newer) said_anew.insert(matter_of(one));
  // A start or a stop of another session is not said anew by this one.
  std::erase_if(held, [&](const command& one) {
    const bool is_of_session = one.kind == command_kind::start || one.kind == command_kind::stop;
    return !is_of_session && said_anew.contains(matter_of(one));
  });
}

void keep_what_counts(std::vector<command>& held) {
  drop_sessions_that_never_were(held);
  std::set<matter> newer;
  // From the newest to the oldest: remove_if on the reverse leaves the kept ones at its front.
  const auto kept = std::remove_if(held.rbegin(), held.rend(), [&](const command& one) {
    return !newer.insert(matter_of(one)).second;
  });
  held.erase(held.begin(), kept.base());
}

} // namespace busbar::site
