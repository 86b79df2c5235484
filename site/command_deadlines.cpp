#include "site/command_deadlines.hpp"

#include <algorithm>

namespace busbar::site {

namespace {

/// Until the next command after one that was not answered: a growing while, then as if nothing had
/// been amiss, or until a probe is let through.
domain::microseconds pause_of(std::uint8_t tries, const call_terms& calls, domain::seconds lease) {
  if (tries >= calls.retries) return std::min<domain::microseconds>(lease / 3, calls.probe_after);
  return calls.retry_after * (std::int64_t{1} << tries);
}

} // namespace

void command_deadlines::issued(const domain::command& command, domain::instant now) {
  // The oldest command without an answer sets the deadline: retries do not move it.
  if (!is_pending_) pending_since_ = now;
  is_pending_ = true;
  if (command.kind != domain::command_kind::set_phases) return;
  phases_number_ = command.number;
  phases_ordered_ = command.lines;
}

void command_deadlines::begin_anew(domain::instant now) {
  is_pending_ = false;
  tries_ = 0;
  renew_at_ = now;
}

void command_deadlines::excuse(domain::microseconds lateness, domain::instant now) {
  pending_since_ = std::min(pending_since_ + lateness, now);
}

std::optional<domain::microseconds>
command_deadlines::take_overdue(const call_terms& calls, domain::seconds lease,
                                domain::instant now) {
  if (!is_pending_ || now - pending_since_ <= calls.answer_within) return std::nullopt;
  is_pending_ = false;
  try_again(calls, lease, now);
  return now - pending_since_;
}

void command_deadlines::refused(const call_terms& calls, domain::seconds lease,
                                domain::instant now) {
  const auto renewal = renew_at_;
  try_again(calls, lease, now);
  shorten(renewal);
}

void command_deadlines::try_again(const call_terms& calls, domain::seconds lease,
                                  domain::instant now) {
  renew_at_ = now + pause_of(tries_, calls, lease);
  if (tries_ < calls.retries) ++tries_;
}

void command_deadlines::shorten(domain::instant latest) {
  renew_at_ = std::min(renew_at_, latest);
}

domain::microseconds command_deadlines::waited(domain::instant now) const {
  return is_pending_ ? now - pending_since_ : domain::microseconds{};
}

void command_deadlines::phases_accepted(domain::sequence number) {
  if (number == phases_number_ && phases_ordered_ != 0) lines_now_ = phases_ordered_;
}

void command_deadlines::watch_lines(const domain::reading& newest) {
  if (domain::magnitude_of(newest).is_zero()) return;
  const bool is_alone = newest.current_ma[1] <= 0 && newest.current_ma[2] <= 0;
  if (!is_alone) lines_now_ = 3;
}

} // namespace busbar::site
