#pragma once
// What to do about what the cluster answers: pure functions, so that tests reach every case.

#include "domain/result.hpp"

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

/// What the cluster says of the starts under a member's name.
struct claim_view {
  /// The cluster has answered.
  bool is_known = false;
  /// The claim of the process that started under the name after this one; empty: none did.
  std::string later;
};

enum class membership_step : std::uint8_t { wait, join_again, give_up };

/// A client that stood still for long enough fences itself: the cluster has given its name a new
/// member id in an answer that was lost. Then it joins again, as it does where a predecessor's end
/// is not known to the cluster yet. The name is lost where another process has started under it
/// later (OWN-1): of two processes the newest start goes on.
[[nodiscard]] membership_step after_fatal_error(const claim_view& seen);

/// What to tell a person about a topic that could not be made.
[[nodiscard]] std::string advice_for(broker_answer answer);

} // namespace busbar::adapters::kafka
