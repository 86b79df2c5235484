#pragma once
// A model of one shard, the log, the group and a few engine nodes, small enough that all that can
// happen is tried. It knows of the production code only `advance`, `may_command` and `last_fence`,
// and judges by rules of its own. Time stands still at `present` and is passed by making all that
// is remembered older, so that equal situations are equal states.

#include "control/cluster/shard_machine.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::cluster::testing {

inline constexpr int nodes = 3;
/// Of the fences that a node has not read; no further ones are written meanwhile.
inline constexpr std::size_t fences_max = 12;
inline constexpr domain::seconds unit{1};
inline constexpr domain::instant present{std::chrono::hours{1}};
/// Two units for a session, silence from the first on, one unit for letting go.
inline constexpr shard_terms model_terms{unit * 2, unit, unit};
inline constexpr std::int8_t touch_lasts = 1;
inline constexpr std::int8_t session_lasts = 2;

/// How the node differs from what it should be: each is to be found.
struct mutation {
  bool awaits_no_fence = false;
  bool gate_takes_newer_epochs = false;
  bool releases_before_flush = false;
  bool lets_go_too_early = false;
  bool reads_one_short = false;
  bool does_not_look_after_pause = false;
  bool is_never_silent = false;
  bool does_not_purge = false;
  bool own_fence_counts_as_foreign = false;
  bool ignores_foreign_fences = false;
};

/// A record that a node has handed over and that is not in the log yet.
struct held_record {
  /// Of a fence: which attempt.
  std::int8_t number = -1;
  bool is_held = false;
  /// The network had it before it was purged: it may arrive.
  bool is_stray = false;
};

[[nodiscard]] inline shard_terms terms_of(const mutation& wrong) {
  auto terms = model_terms;
  if (wrong.is_never_silent) terms.session_timeout = unit * 1'000;
  return terms;
}

enum class held_kind : std::uint8_t { fence, checkpoint };

/// Of `author`, which counts its fences.
struct fence_record {
  std::int8_t author = 0;
  std::int8_t attempt = 0;
};

enum class group_note : std::uint8_t { none, assigned, revoked, lost };

struct model_node {
  shard machine;
  /// How many fences it has read.
  std::int8_t position = 0;
  /// The end that `read_to_end` was answered with; -1: none is awaited.
  std::int8_t look_until = -1;
  /// By `held_kind`. They may arrive in any order, which is more than a producer does.
  std::array<held_record, 2> held;
  /// It could have handed over commands that the log does not have yet.
  bool may_hold_commands = false;
  /// Attempt and offset of the fence that the log has and has not acknowledged; -1: none.
  std::int8_t answered_attempt = -1;
  std::int8_t answered_offset = -1;
  bool has_checkpoint_answer = false;
  group_note note = group_note::none;
  bool is_paused = false;
  bool is_cut = false;
  bool is_member = true;
  bool has_left = false;
  /// Since the group's last heartbeat of it, and since its newest acknowledged sending.
  std::int8_t silent_for = 0;
  std::int8_t untouched_for = 0;
  /// It was out of touch, and has not read since to where the log ended when it was back.
  bool has_lapsed = false;
  std::int8_t lapse_until = -1;
};

/// The log holds fences alone. A command is judged wherever one could leave, and is no step of its
/// own, because it changes nothing but what recipients do.
struct shard_world {
  std::array<fence_record, fences_max> log;
  std::int8_t end = 0;
  std::array<model_node, nodes> members;
  /// To which node the group gives the shard; -1: to none.
  std::int8_t assignee = -1;
  bool is_revoking = false;
  std::int8_t leaves_left = 1;
  std::int8_t pauses_left = 0;
  std::int8_t cuts_left = 0;
  /// The first rule that was broken.
  const char* breach = nullptr;
};

/// Adds every world that is one step away from `from`.
void expand(const shard_world& from, const mutation& wrong,
            const std::function<void(shard_world&&)>& take);
/// Names the rule that the world breaks; null: none.
[[nodiscard]] const char* breach_of(const shard_world& world, const mutation& wrong);
/// All faults end and all that is pending happens, several times over: whether the shard then has
/// one commander.
[[nodiscard]] bool settles(shard_world world, const mutation& wrong);
/// The same number for worlds that differ only in the names of their nodes.
[[nodiscard]] std::uint64_t key_of(const shard_world& world);
/// For people.
[[nodiscard]] std::string text_of(const shard_world& world);

} // namespace busbar::control::cluster::testing
