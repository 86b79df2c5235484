#pragma once
// What to do about what the cluster answers: pure functions, so that tests reach every case.

#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace busbar::adapters::kafka {

/// librdkafka's many codes, by what they mean here.
enum class broker_answer : std::uint8_t {
  ok,
  /// the bounded queue towards the cluster is full
  queue_full,
  record_too_large,
  no_such_topic,
  already_exists,
  not_allowed,
  /// no answer, no leader, moving: it may work in a moment
  passing,
  /// another client took over this one's name or place
  fenced,
  /// everything else
  failed,
};

enum class next_step : std::uint8_t { go_on, try_again, give_up };

/// What the caller of `publish` hears.
[[nodiscard]] domain::errc refusal_of(broker_answer answer);

/// After the creation of a topic was answered.
[[nodiscard]] next_step after_create(broker_answer answer);

/// What counts as done after `offset` is done where everything before `done` was: never less than
/// before, so that a late commit of an older record changes nothing.
[[nodiscard]] std::int64_t done_after(std::optional<std::int64_t> done, std::int64_t offset);

/// What the cluster says of a group and of one of its static members.
struct group_view {
  bool is_known = false;
  bool is_stable = false;
  std::size_t members = 0;
  /// This client is a member.
  bool has_own = false;
  /// Another client holds the member's name: its client id and host. Empty: none does.
  std::string holder;
};

enum class membership_step : std::uint8_t { wait, join_again, give_up };

/// For how long a holder of the name is seen that heartbeats to nobody: it has ended, and the group
/// drops it once its session is over. Checks come each second.
inline constexpr std::chrono::milliseconds beyond_session{2'500};

/// A client that stood still for long enough fences itself: the cluster has given its name a new
/// member id in an answer that was lost, and may go on to list it under the client of a predecessor
/// that has ended. Then it joins again. Only where another client still holds the name once a
/// session has passed, so that it lives, is the name lost (OWN-1). `held_for`: how long the same
/// holder has been seen.
[[nodiscard]] membership_step after_fatal_error(const group_view& seen,
                                                std::chrono::milliseconds held_for,
                                                std::chrono::milliseconds session);

/// A member that reads nothing: it joins again where a settled group does not know it, or has it as
/// its only member; in a larger group there may be more members than partitions. Another client
/// that holds its name may be its own predecessor, which has ended: a group that is slow to answer
/// still lists it. One that lives takes the name by fencing this client: a fatal error.
[[nodiscard]] membership_step without_partitions(const group_view& seen);

/// What to tell a person about a topic that could not be made.
[[nodiscard]] std::string advice_for(broker_answer answer);

} // namespace busbar::adapters::kafka
