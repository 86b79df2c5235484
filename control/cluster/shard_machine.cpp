#include "control/cluster/shard_machine.hpp"

#include <algorithm>

namespace busbar::control::cluster {

namespace {

using enum shard_state;
using enum shard_effect;

bool is_in_touch(const shard& of, domain::instant now, const shard_terms& terms) {
  return of.acknowledged_at &&
         now - *of.acknowledged_at < terms.session_timeout - terms.silence_margin;
}

bool is_overdue(const shard& of, domain::instant now, const shard_terms& terms) {
  return of.state == letting_go && now - of.let_go_at >= terms.letting_go_max;
}

/// One event's way through one shard: the transitions.
class shard_step {
public:
  shard_step(shard& of, domain::instant now, const shard_terms& terms)
      : of_(of), now_(now), terms_(terms) {}

  /// Before every event, so that the first one after a pause finds what the pause has changed.
  void pass_time();
  void write_fence();
  void take_fence(std::int64_t offset);
  void want_again();
  void touch(domain::instant sent_at);
  void suspend();
  void hand_over(bool has_successor);
  void give_back();
  void end_letting_go();
  void be_overtaken();
  void drop();
  void add(shard_effect effect) { effects_.add(effect); }

  [[nodiscard]] bool awaits_fence() const {
    return of_.state == fencing || (of_.state == letting_go && !of_.fence);
  }
  [[nodiscard]] const shard_effects& effects() const { return effects_; }

private:
  void verify();
  void withdraw();
  void become_none();

  shard& of_;
  domain::instant now_;
  const shard_terms& terms_;
  shard_effects effects_;
};

/// What each event asks for.
struct event_handler {
  shard_step& by;
  shard& of;

  void operator()(const assigned&) const;
  void operator()(const revoked&) const { by.hand_over(true); }
  void operator()(const lost&) const { by.drop(); }
  void operator()(const leave&) const;
  void operator()(const name_taken&) const;
  void operator()(const fence_appended&) const;
  void operator()(const fence_failed&) const;
  void operator()(const fence_read&) const;
  void operator()(const caught_up&) const;
  void operator()(const write_acknowledged& event) const { by.touch(event.sent_at); }
  void operator()(const write_failed&) const;
  void operator()(const heartbeat_acknowledged&) const;
  void operator()(const checkpoint_written&) const;
  void operator()(const clock_tick&) const { by.write_fence(); }
};

void shard_step::pass_time() {
  if (is_overdue(of_, now_, terms_)) return end_letting_go();
  const bool was_heeded =
      of_.permit == command_permit::granted || of_.permit == command_permit::verifying;
  if (was_heeded && !is_in_touch(of_, now_, terms_)) suspend();
}

/// OWN-2: the group has to confirm it where another node's fence was read.
void shard_step::write_fence() {
  if (of_.state != wanted || of_.confirm_after || !is_in_touch(of_, now_, terms_)) return;
  of_.state = fencing;
  of_.permit = command_permit::verifying;
  of_.foreign_fence.reset();
  ++of_.attempt;
  effects_.add(append_fence);
}

void shard_step::take_fence(std::int64_t offset) {
  if (of_.state == letting_go) return end_letting_go();
  if (of_.foreign_fence && *of_.foreign_fence > offset) return want_again();
  of_.foreign_fence.reset();
  of_.fence = offset;
  of_.state = recovering;
  effects_.add(read_to_fence);
  verify();
}

void shard_step::want_again() {
  of_.state = wanted;
  of_.fence.reset();
  of_.foreign_fence.reset();
  of_.permit = command_permit::withdrawn;
  of_.confirm_after = now_;
}

void shard_step::touch(domain::instant sent_at) {
  of_.acknowledged_at = std::max(of_.acknowledged_at.value_or(sent_at), sent_at);
  verify();
  write_fence();
}

/// Another node may have fenced since this one was in touch.
void shard_step::verify() {
  const bool is_suspended = of_.fence && of_.permit == command_permit::suspended;
  if (!is_suspended || !is_in_touch(of_, now_, terms_)) return;
  of_.permit = command_permit::verifying;
  effects_.add(read_to_end);
}

void shard_step::suspend() {
  if (of_.permit == command_permit::granted) effects_.add(stop_commanding);
  of_.permit = command_permit::suspended;
}

void shard_step::withdraw() {
  if (of_.permit == command_permit::granted) effects_.add(stop_commanding);
  of_.permit = command_permit::withdrawn;
}

/// In order: the group or the operator asks for the shard.
void shard_step::hand_over(bool has_successor) {
  switch (of_.state) {
  case letting_go:
    if (of_.is_leaving && !has_successor && of_.is_released) end_letting_go();
    return;
  case fencing:
  case owning:
    of_.state = letting_go;
    of_.let_go_at = now_;
    of_.awaits_successor = of_.fence && has_successor;
    if (!of_.awaits_successor) withdraw();
    if (of_.fence) effects_.add(write_checkpoint);
    return;
  case recovering: effects_.add(forget); break;
  case wanted:
  case none: break;
  }
  effects_.add(release);
  become_none();
}

void shard_step::give_back() {
  of_.is_released = true;
  effects_.add(release);
}

/// What the checkpoint does not have is in the log.
void shard_step::end_letting_go() {
  withdraw();
  effects_.add(purge);
  if (of_.fence) effects_.add(forget);
  if (!of_.is_released) give_back();
  become_none();
}

void shard_step::be_overtaken() {
  if (of_.state == letting_go) return end_letting_go();
  withdraw();
  effects_.add(purge);
  effects_.add(forget);
  want_again();
}

/// Another node may own the shard: nothing of it is written any more.
void shard_step::drop() {
  if (of_.state == none) return;
  withdraw();
  if (of_.state != wanted) effects_.add(purge);
  if (of_.fence) effects_.add(forget);
  become_none();
}

void shard_step::become_none() {
  of_.state = none;
  of_.permit = command_permit::withdrawn;
  of_.is_released = of_.awaits_successor = false;
  of_.fence.reset();
  of_.foreign_fence.reset();
  of_.confirm_after.reset();
}

void event_handler::operator()(const assigned&) const {
  if (of.is_leaving) return by.add(release);
  if (of.state == none) {
    of.state = wanted;
    by.write_fence();
  } else if (of.state == letting_go) {
    of.state = of.fence ? owning : fencing;
    if (!of.fence) of.permit = command_permit::suspended;
    of.is_released = of.awaits_successor = false;
  }
}

void event_handler::operator()(const leave& event) const {
  of.is_leaving = true;
  if (of.state != none) by.hand_over(event.has_successor);
}

void event_handler::operator()(const name_taken&) const {
  by.drop();
  of.has_ended = true;
  by.add(end_process);
}

void event_handler::operator()(const fence_appended& event) const {
  if (event.attempt == of.attempt && by.awaits_fence()) by.take_fence(event.offset);
}

void event_handler::operator()(const fence_failed& event) const {
  if (event.attempt != of.attempt || !by.awaits_fence()) return;
  if (of.state == letting_go) return by.end_letting_go();
  by.want_again();
}

void event_handler::operator()(const fence_read& event) const {
  const bool is_awaited = event.own_attempt == of.attempt && by.awaits_fence();
  if (is_awaited) return by.take_fence(event.offset);
  if (of.state == fencing) of.foreign_fence = event.offset;
  if (of.fence && event.offset > *of.fence) by.be_overtaken();
}

/// OWN-3: it knows all that was commanded before its fence.
void event_handler::operator()(const caught_up& event) const {
  if (!of.fence || event.offset < *of.fence) return;
  if (of.state == recovering) {
    of.state = owning;
    by.add(publish_ownership);
  }
  if (of.permit != command_permit::verifying) return;
  of.permit = command_permit::granted;
  by.add(plan_at_once);
}

/// What was written may be in the log or not: nothing goes on before it is known what stands there.
void event_handler::operator()(const write_failed&) const {
  if (of.permit == command_permit::withdrawn) return;
  of.acknowledged_at.reset();
  by.suspend();
}

void event_handler::operator()(const heartbeat_acknowledged& event) const {
  if (of.confirm_after && event.sent_at > *of.confirm_after) of.confirm_after.reset();
  by.touch(event.sent_at);
}

void event_handler::operator()(const checkpoint_written&) const {
  if (of.state != letting_go || !of.fence || of.is_released) return;
  if (!of.awaits_successor) return by.end_letting_go();
  by.give_back();
}

} // namespace

shard_effects advance(shard& of, const shard_event& event, domain::instant now,
                      const shard_terms& terms) {
  if (of.has_ended) return {};
  shard_step one{of, now, terms};
  one.pass_time();
  std::visit(event_handler{one, of}, event);
  return one.effects();
}

bool may_command(const shard& of, domain::instant now, const shard_terms& terms) {
  return of.permit == command_permit::granted && is_in_touch(of, now, terms) &&
         !is_overdue(of, now, terms);
}

std::string text_of(shard_state state) {
  switch (state) {
  case none: return "none";
  case wanted: return "wanted";
  case fencing: return "fencing";
  case recovering: return "recovering";
  case owning: return "owning";
  case letting_go: return "letting go";
  }
  return {};
}

std::string text_of(shard_effect effect) {
  switch (effect) {
  case append_fence: return "append_fence";
  case read_to_fence: return "read_to_fence";
  case read_to_end: return "read_to_end";
  case publish_ownership: return "publish_ownership";
  case plan_at_once: return "plan_at_once";
  case stop_commanding: return "stop_commanding";
  case write_checkpoint: return "write_checkpoint";
  case release: return "release";
  case purge: return "purge";
  case forget: return "forget";
  case end_process: return "end_process";
  }
  return {};
}

} // namespace busbar::control::cluster
