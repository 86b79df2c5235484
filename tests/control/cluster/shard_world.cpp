#include "tests/control/cluster/shard_world.hpp"

#include <algorithm>
#include <utility>

namespace busbar::control::cluster::testing {

namespace {

template <class Integer> std::int8_t small(Integer value) {
  return static_cast<std::int8_t>(value);
}

/// What a node does in the model, with the production code in its middle.
class actor {
public:
  actor(shard_world& world, int self, const mutation& wrong)
      : world_(world), self_(self), wrong_(wrong), terms_(terms_of(wrong)) {}

  model_node& own() { return world_.members[static_cast<std::size_t>(self_)]; }

  void feed(const shard_event& event) {
    const bool was_asked = std::holds_alternative<revoked>(event);
    const auto effects = advance(own().machine, event, present, terms_);
    for (const auto effect : effects) carry_out(effect);
    auto& machine = own().machine;
    const bool is_asked = was_asked && machine.state == shard_state::letting_go;
    if (wrong_.lets_go_too_early && is_asked) machine.permit = command_permit::withdrawn;
    if (may_command(machine, present, terms_)) own().may_hold_commands = true;
    find_caught_up();
  }

  /// The next fence.
  void read() {
    const auto place = own().position++;
    const auto record = world_.log[static_cast<std::size_t>(place)];
    fence_read event{place, std::nullopt};
    if (record.author == self_) event.own_attempt = static_cast<std::uint32_t>(record.attempt);
    const bool is_missed = wrong_.ignores_foreign_fences && record.author != self_;
    if (wrong_.own_fence_counts_as_foreign && own().machine.fence == place)
      feed(fence_read{place + 1, std::nullopt});
    else if (!is_missed)
      feed(event);
    mind_lapse();
    find_caught_up();
  }

  /// The answer comes at once, or when the pause is over.
  void write(held_kind kind, bool is_acknowledged) {
    const auto record = std::exchange(slot(kind), {});
    if (kind == held_kind::checkpoint) {
      own().has_checkpoint_answer = !record.is_stray;
    } else {
      world_.log[static_cast<std::size_t>(world_.end++)] = {small(self_), record.number};
      if (own().untouched_for < touch_lasts) own().has_lapsed = false;
      own().answered_attempt = record.number;
      own().answered_offset = small(world_.end - 1);
    }
    if (!own().is_paused && !is_acknowledged) return fail_fence();
    take_answers();
  }

  void take_answers() {
    if (own().is_paused) return;
    if (own().answered_attempt >= 0) acknowledge_fence();
    if (own().has_checkpoint_answer) acknowledge_checkpoint();
  }

  void acknowledge_fence() {
    const auto attempt = static_cast<std::uint32_t>(own().answered_attempt);
    const auto offset = own().answered_offset;
    own().answered_attempt = own().answered_offset = -1;
    touch();
    feed(fence_appended{attempt, offset});
    feed(write_acknowledged{present});
    mind_lapse();
  }

  /// The fence's outcome stays unknown: it is in the log.
  void fail_fence() {
    const auto attempt = static_cast<std::uint32_t>(own().answered_attempt);
    own().answered_attempt = own().answered_offset = -1;
    feed(fence_failed{attempt});
  }

  void acknowledge_checkpoint() {
    own().has_checkpoint_answer = false;
    feed(checkpoint_written{});
  }

  /// Any record of the node is acknowledged.
  void write_anything() {
    touch();
    feed(write_acknowledged{present});
    mind_lapse();
  }

  void deliver() {
    switch (std::exchange(own().note, group_note::none)) {
    case group_note::assigned: return feed(assigned{});
    case group_note::revoked: return feed(revoked{});
    case group_note::lost:
      own().is_member = !own().has_left;
      own().silent_for = 0;
      return feed(lost{});
    case group_note::none: return;
    }
  }

  /// What can wait makes no difference where the node is reached: the group's wish reaches it at
  /// once, because the group could as well have wished later; while it awaits its fence it reads at
  /// once, because it does nothing else.
  void hurry() {
    if (own().is_paused || own().is_cut) return;
    if (own().note == group_note::assigned || own().note == group_note::revoked) deliver();
    while (own().machine.state == shard_state::fencing && own().position < world_.end) read();
  }

  void heartbeat() {
    own().silent_for = 0;
    touch();
    feed(heartbeat_acknowledged{present});
    mind_lapse();
  }

private:
  held_record& slot(held_kind kind) { return own().held[static_cast<std::size_t>(kind)]; }

  void touch() {
    if (own().has_lapsed && own().untouched_for >= touch_lasts) own().lapse_until = world_.end;
    own().untouched_for = 0;
  }

  void mind_lapse() {
    if (own().untouched_for < touch_lasts && own().position >= own().lapse_until)
      own().has_lapsed = false;
    if (!own().has_lapsed) own().lapse_until = -1;
  }

  void breach(const char* rule) {
    if (world_.breach == nullptr) world_.breach = rule;
  }

  void carry_out(shard_effect effect) {
    switch (effect) {
    case shard_effect::append_fence:
      slot(held_kind::fence) = {small(own().machine.attempt), true, false};
      if (wrong_.awaits_no_fence) feed(fence_appended{own().machine.attempt, world_.end});
      return;
    case shard_effect::read_to_fence: own().look_until = -1; return;
    case shard_effect::read_to_end: own().look_until = world_.end; return;
    case shard_effect::write_checkpoint:
      slot(held_kind::checkpoint) = {0, true, false};
      if (wrong_.releases_before_flush) feed(checkpoint_written{});
      return;
    case shard_effect::release: return give_back();
    case shard_effect::purge: return purge();
    default: return;
    }
  }

  void give_back() {
    const auto& checkpoint = slot(held_kind::checkpoint);
    if (checkpoint.is_held && !checkpoint.is_stray)
      breach("OWN-4: it gives the shard back before its checkpoint is kept");
    if (world_.assignee == self_) world_.assignee = -1, world_.is_revoking = false;
  }

  /// What the network has already may arrive.
  void purge() {
    if (wrong_.does_not_purge) return;
    slot(held_kind::checkpoint) = {};
    slot(held_kind::fence).is_stray = slot(held_kind::fence).is_held;
    own().has_checkpoint_answer = own().may_hold_commands = false;
  }

  void find_caught_up() {
    auto& machine = own().machine;
    const int position = own().position + (wrong_.reads_one_short ? 1 : 0);
    const bool has_looked = own().look_until <= own().position || wrong_.does_not_look_after_pause;
    const bool is_awaited = machine.state == shard_state::recovering ||
                            machine.permit == command_permit::verifying;
    if (!machine.fence || !is_awaited || !has_looked || position < *machine.fence) return;
    own().look_until = -1;
    feed(caught_up{position});
  }

  shard_world& world_;
  int self_;
  const mutation& wrong_;
  shard_terms terms_;
};

void grow_older(std::optional<domain::instant>& moment, domain::seconds at_most) {
  if (moment) moment = std::max(*moment - unit, present - at_most);
}

void grow_older(model_node& member) {
  grow_older(member.machine.acknowledged_at, unit * touch_lasts);
  grow_older(member.machine.confirm_after, unit);
  member.machine.let_go_at =
      std::max(member.machine.let_go_at - unit, present - model_terms.letting_go_max);
  const auto older = [](std::int8_t& age, std::int8_t at_most) {
    age = std::min<std::int8_t>(static_cast<std::int8_t>(age + 1), at_most);
  };
  older(member.silent_for, session_lasts);
  older(member.untouched_for, touch_lasts);
  if (member.untouched_for >= touch_lasts) member.has_lapsed = true;
}

bool can_reach(const model_node& member) { return !member.is_paused && !member.is_cut; }

void expel(shard_world& world, int node) {
  auto& member = world.members[static_cast<std::size_t>(node)];
  member.is_member = false;
  member.note = group_note::lost;
  if (world.assignee == node) world.assignee = -1, world.is_revoking = false;
}

void pass_time(shard_world& world, const mutation& wrong) {
  for (int node = 0; node < nodes; ++node) {
    auto& member = world.members[static_cast<std::size_t>(node)];
    grow_older(member);
    const bool is_missed = member.silent_for >= session_lasts && !can_reach(member);
    if (is_missed && member.is_member && !member.has_left) expel(world, node);
    actor one{world, node, wrong};
    if (!member.is_paused) one.feed(clock_tick{});
    if (can_reach(member) && member.is_member) one.heartbeat();
  }
}

void give(shard_world& world, int node) {
  world.assignee = static_cast<std::int8_t>(node);
  world.members[static_cast<std::size_t>(node)].note = group_note::assigned;
}

bool may_be_given(const shard_world& world, const model_node& member) {
  return world.assignee < 0 && member.is_member && !member.has_left &&
         member.note == group_note::none;
}

/// What no rule looks at any more is put into one form.
void simplify(model_node& member, std::int8_t end) {
  const auto state = member.machine.state;
  const bool is_idle = state == shard_state::none || state == shard_state::wanted;
  if (is_idle) {
    member.position = end;
    member.look_until = member.lapse_until = -1;
    member.has_lapsed = member.untouched_for >= touch_lasts;
  }
  if (state != shard_state::letting_go) member.machine.let_go_at = present;
  if (!member.is_member || member.has_left) member.silent_for = 0;
}

/// The fence at `place` is gone, and all that stood after it moves up.
void forget_fence(shard_world& world, int place) {
  const auto from = world.log.begin() + place;
  std::copy(from + 1, world.log.begin() + world.end, from);
  --world.end;
  for (auto& member : world.members) {
    for (auto* each : {&member.position, &member.answered_offset})
      if (*each > place) --*each;
    // What had to be read still has to: the fence that is there now does the same.
    for (auto* each : {&member.look_until, &member.lapse_until})
      if (*each > place + 1) --*each;
    for (auto* each : {&member.machine.fence, &member.machine.foreign_fence})
      if (*each && **each > place) --**each;
  }
}

/// A fence that another one follows, and that no node takes for its own, does to its readers what
/// the next one does.
void forget_fences(shard_world& world) {
  for (int place = world.end - 2; place >= 0; --place) {
    const bool is_needed = std::ranges::any_of(world.members, [&](const auto& member) {
      return member.machine.fence == place || member.machine.foreign_fence == place ||
             member.answered_offset == place;
    });
    if (!is_needed) forget_fence(world, place);
  }
}

class expansion {
public:
  expansion(const shard_world& from, const mutation& wrong,
            const std::function<void(shard_world&&)>& take)
      : from_(from), wrong_(wrong), take_(take) {}

  void all() {
    for (int node = 0; node < nodes; ++node) of_node(node), faults(node), of_group(node);
    try_step([&](shard_world& next) { pass_time(next, wrong_); });
    if (from_.assignee < 0 || from_.is_revoking) return;
    const auto at = static_cast<std::size_t>(from_.assignee);
    if (from_.members[at].note != group_note::none || from_.members[at].has_left) return;
    try_step([&](shard_world& next) {
      next.is_revoking = true;
      next.members[at].note = group_note::revoked;
    });
  }

private:
  void try_step(const std::function<void(shard_world&)>& change) {
    auto next = from_;
    change(next);
    for (int node = 0; node < nodes; ++node) actor{next, node, wrong_}.hurry();
    for (auto& member : next.members) simplify(member, next.end);
    forget_fences(next);
    take_(std::move(next));
  }

  void of_node(int node) {
    const auto& member = from_.members[static_cast<std::size_t>(node)];
    const auto act = [&](auto what) {
      try_step([&](shard_world& next) {
        actor one{next, node, wrong_};
        what(one);
      });
    };
    for (const auto kind : {held_kind::fence, held_kind::checkpoint}) {
      const bool is_held = member.held[static_cast<std::size_t>(kind)].is_held;
      const bool has_room = static_cast<std::size_t>(from_.end) < fences_max;
      if (!is_held || !has_room) continue;
      if (!member.is_cut) act([kind](actor& one) { one.write(kind, true); });
      // The cut has taken the answer.
      if (member.is_cut && kind == held_kind::fence)
        act([kind](actor& one) { one.write(kind, false); });
    }
    if (!can_reach(member)) return;
    if (member.note != group_note::none) act([](actor& one) { one.deliver(); });
    if (member.position < from_.end) act([](actor& one) { one.read(); });
    // A member's next heartbeat does the same.
    if (member.untouched_for > 0 && !member.is_member)
      act([](actor& one) { one.write_anything(); });
  }

  /// A node without the shard that stands still is the same as one that gets it later.
  void faults(int node) {
    const auto at = static_cast<std::size_t>(node);
    const bool is_idle = from_.members[at].machine.state == shard_state::none;
    if (from_.members[at].is_paused || (from_.pauses_left > 0 && !is_idle))
      try_step([&](shard_world& next) {
        auto& member = next.members[at];
        member.is_paused = !member.is_paused;
        if (member.is_paused) --next.pauses_left;
        actor{next, node, wrong_}.take_answers();
      });
    if (from_.members[at].is_cut || (from_.cuts_left > 0 && !is_idle))
      try_step([&](shard_world& next) {
        auto& member = next.members[at];
        member.is_cut = !member.is_cut;
        if (member.is_cut) --next.cuts_left;
      });
  }

  void of_group(int node) {
    const auto at = static_cast<std::size_t>(node);
    const auto& member = from_.members[at];
    if (may_be_given(from_, member)) try_step([&](shard_world& next) { give(next, node); });
    if (from_.leaves_left > 0 && can_reach(member) && member.is_member && from_.assignee == node)
      try_step([&](shard_world& next) {
        --next.leaves_left;
        next.members[at].has_left = true;
        actor{next, node, wrong_}.feed(leave{true});
      });
  }

  const shard_world& from_;
  const mutation& wrong_;
  const std::function<void(shard_world&&)>& take_;
};

} // namespace

void expand(const shard_world& from, const mutation& wrong,
            const std::function<void(shard_world&&)>& take) {
  expansion{from, wrong, take}.all();
}

bool settles(shard_world world, const mutation& wrong) {
  for (auto& member : world.members) member.is_paused = member.is_cut = false;
  for (int round = 0; round < 12; ++round) {
    for (int node = 0; node < nodes; ++node) {
      actor one{world, node, wrong};
      one.deliver();
      while (one.own().position < world.end) one.read();
      for (const auto kind : {held_kind::fence, held_kind::checkpoint})
        if (one.own().held[static_cast<std::size_t>(kind)].is_held) one.write(kind, true);
      one.take_answers();
    }
    for (int node = 0; node < nodes; ++node)
      if (may_be_given(world, world.members[static_cast<std::size_t>(node)])) give(world, node);
    pass_time(world, wrong);
    forget_fences(world);
  }
  const auto commanders = std::ranges::count_if(world.members, [&](const auto& member) {
    return may_command(member.machine, present, terms_of(wrong));
  });
  if (commanders != 1 || world.end == 0) return false;
  const auto& last = world.log[static_cast<std::size_t>(world.end - 1)];
  return world.members[static_cast<std::size_t>(last.author)].machine.fence == world.end - 1;
}

} // namespace busbar::control::cluster::testing
