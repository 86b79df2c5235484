#include "site/grant_ledger.hpp"

#include "control/safety/lease.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

using domain::instant;
using domain::milliamperes;

namespace {

milliamperes counted_told(const ledger_facts& facts) {
  return std::max(facts.currents.told, facts.currents.ordered.value_or(milliamperes{}));
}

milliamperes held_by_commands(const ledger_facts& facts) {
  return std::max(facts.currents.acknowledged, facts.currents.unanswered);
}

bool may_fall_back(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  return control::safety::may_fall_back(facts.lease.sure_until, now, terms.lease);
}

/// All that it may hold, its fallback included where its lease may be over (LIM-3: a probe of a
/// silent station does not undo the fallback that it may be in by now).
milliamperes held(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  const auto by_commands = held_by_commands(facts);
  if (!may_fall_back(facts, terms, now)) return by_commands;
  return std::max(by_commands, terms.when_lost.current);
}

milliamperes had_before(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  const bool is_over = now - facts.change.accepted_at >= terms.settings.follows_within;
  return is_over ? milliamperes{} : facts.change.had_before;
}

bool owes_answer(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  if (held(facts, terms, now) <= counted_told(facts)) return false;
  const auto since = facts.change.owes_since.value_or(facts.change.changed_at);
  return since != instant{} && now - since >= terms.settings.answer_after;
}

bool may_rise(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  const auto changed_at = facts.change.changed_at;
  const bool is_changed_lately =
      changed_at != instant{} && now - changed_at < terms.settings.raise_after;
  return !is_changed_lately || held(facts, terms, now) <= counted_told(facts);
}

milliamperes excess(const ledger_facts& facts, const ledger_terms& terms, milliamperes drawn,
                    instant now) {
  const auto& since = facts.exceeds_since;
  const bool is_lasting = since && now - *since >= terms.settings.excess_after;
  const auto allowed = std::max(counted_told(facts), held(facts, terms, now));
  return is_lasting && drawn > allowed ? drawn - allowed : milliamperes{};
}

/// When the station of a grant of that lease has fallen back.
instant over_at(const ledger_terms& terms, domain::seconds lease, instant sent_at) {
  return sent_at + std::max(lease, terms.when_lost.timeout) + terms.settings.lease_grace;
}

} // namespace

void grant_ledger::order(milliamperes current, bool is_export) {
  facts_.currents.ordered = current;
  facts_.is_export = is_export;
}

void grant_ledger::issue(const domain::command& command, const ledger_terms& terms, instant now) {
  auto& numbers = facts_.numbers;
  auto& currents = facts_.currents;
  auto& lease = facts_.lease;
  numbers.last = command.number;
  if (command.kind != domain::command_kind::grant) return;
  facts_.has_news |= currents.told != command.current || lease.is_over;
  note_change(command.current, now);
  currents.ordered.reset();
  currents.told = command.current;
  currents.unanswered = std::max(currents.unanswered, command.current);
  facts_.is_export = command.is_export;
  numbers.grant = command.number;
  numbers.sent_at = now;
  lease.given_s = static_cast<std::int32_t>(command.lease.count());
  // The station may obey it, fall back when it ends, and its answer be lost.
  lease.sure_until = std::min(lease.sure_until, now + command.lease);
  if (std::exchange(lease.is_inherited, false))
    lease.all_over_at = over_at(terms, terms.lease, now);
  // A shorter lease ends none that was given before.
  lease.all_over_at = std::max(lease.all_over_at, over_at(terms, command.lease, now));
  lease.is_over = false;
}

void grant_ledger::note_change(milliamperes next, instant now) {
  auto& change = facts_.change;
  const auto before = facts_.currents.told;
  if (next != before) {
    change.changed_at = now;
    facts_.is_unread = true;
  }
  if (next >= held_by_commands(facts_)) change.owes_since.reset();
  else if (next < before && !change.owes_since) change.owes_since = now;
}

bool grant_ledger::answer(const domain::command_result& result, const ledger_terms& terms,
                          instant now) {
  auto& currents = facts_.currents;
  if (result.number == 0 || result.number != facts_.numbers.grant) return false;
  if (result.answer != domain::outcome::accepted) {
    // What it obeyed before is what it still obeys.
    facts_.has_news |= currents.told != currents.unanswered;
    currents.told = currents.unanswered;
    facts_.change.owes_since.reset();
    return false;
  }
  const auto before = std::max(held(facts_, terms, now), had_before(facts_, terms, now));
  if (currents.told < before) {
    facts_.change.had_before = before;
    facts_.change.accepted_at = now;
  }
  settle(terms, now);
  return true;
}

bool grant_ledger::obeys(domain::sequence number, const ledger_terms& terms, instant now) {
  if (number == 0 || number != facts_.numbers.grant) return false;
  settle(terms, now);
  return true;
}

void grant_ledger::settle(const ledger_terms& terms, instant now) {
  auto& currents = facts_.currents;
  const domain::seconds given{facts_.lease.given_s};
  facts_.lease.sure_until = facts_.numbers.sent_at + given;
  facts_.lease.all_over_at = over_at(terms, given, facts_.numbers.sent_at);
  facts_.change.owes_since.reset();
  facts_.is_fallback_accepted = true;
  facts_.obedience.acknowledged(currents.told, now);
  facts_.has_news |=
      currents.acknowledged != currents.told || currents.unanswered != currents.told;
  currents.acknowledged = currents.unanswered = currents.told;
}

std::optional<control::safety::escalation>
grant_ledger::read(const ledger_reading& reading, const ledger_terms& terms, instant now) {
  auto& change = facts_.change;
  if (reading.heard_at >= change.accepted_at) change.had_before = {};
  if (reading.heard_at >= change.changed_at) facts_.is_unread = false;
  auto drawn = domain::magnitude_of(reading.newest);
  // While a higher value is on its way the station may obey that one already, and once its lease
  // may be over its fallback.
  auto may_hold = facts_.currents.unanswered;
  if (may_fall_back(facts_, terms, now)) may_hold = std::max(may_hold, terms.when_lost.current);
  // Against the direction of its grant it is off by both.
  else if (domain::is_export(reading.newest) != facts_.is_export)
    drawn += facts_.currents.acknowledged;
  auto& since = facts_.exceeds_since;
  if (drawn <= std::max(counted_told(facts_), held(facts_, terms, now))) since.reset();
  else if (!since) since = reading.heard_at;
  return facts_.obedience.measured(terms.settings.obedience, drawn, reading.newest.measured_at,
                                   may_hold, now);
}

void grant_ledger::expire(const ledger_terms& terms, instant now) {
  auto& currents = facts_.currents;
  if (facts_.lease.is_over || now < facts_.lease.all_over_at) return;
  facts_.lease.is_over = true;
  facts_.is_export = false;
  facts_.change.owes_since.reset();
  currents.told = currents.acknowledged = currents.unanswered = terms.when_lost.current;
  facts_.obedience.acknowledged(currents.told, now);
  facts_.has_news = true;
}

/// The number may be that of another command than the grant: no reading that states it acknowledges
/// what was told.
void grant_ledger::restore(const domain::told_state& state, instant at) {
  auto& currents = facts_.currents;
  facts_.numbers.last = state.number;
  facts_.lease.is_inherited = true;
  facts_.is_export = state.is_export;
  currents.told = state.told;
  currents.acknowledged = state.acknowledged;
  currents.unanswered = std::max({currents.unanswered, state.told, state.acknowledged});
  if (state.told >= state.acknowledged) return;
  facts_.change.changed_at = at;
  facts_.change.owes_since = at;
}

bool grant_ledger::restore(const ledger_facts& before, domain::connector_index connector) {
  grant_ledger kept;
  kept.facts_ = before;
  // As `restore` has read it: beside that a new ledger may hold its fallback.
  const auto& read = facts_.currents;
  const bool is_same =
      kept.state(connector) == domain::told_state{connector, facts_.numbers.last, read.told,
                                                  read.acknowledged, facts_.is_export};
  if (is_same) facts_ = before;
  else if (before.obedience.is_found()) facts_.obedience = before.obedience;
  return is_same;
}

void grant_ledger::take_over(const grant_ledger& before) {
  const auto own = facts_;
  facts_ = before.facts_;
  facts_.numbers = {own.numbers.last, 0, {}};
  facts_.is_fallback_accepted = false;
  facts_.currents.told = own.currents.told;
  facts_.currents.unanswered = std::max(
      {before.facts_.currents.unanswered, before.facts_.currents.told, own.currents.told});
  facts_.currents.ordered.reset();
}

void grant_ledger::fill(control::connector_image& image, const ledger_terms& terms,
                        instant now) const {
  const auto& currents = facts_.currents;
  image.is_export = facts_.is_export;
  image.told = counted_told(facts_);
  // On a cold start nothing was told here: what it may draw is what is to be taken away.
  if (image.is_zeroed && facts_.numbers.last == 0)
    image.told = std::max(image.told, terms.when_lost.current);
  image.acknowledged = currents.acknowledged;
  if (may_fall_back(facts_, terms, now))
    image.acknowledged = std::max(image.acknowledged, terms.when_lost.current);
  image.unanswered = currents.unanswered;
  image.reserve = std::max({image.told, held(facts_, terms, now),
                            had_before(facts_, terms, now), image.drawn});
  if (!image.is_reachable) image.reserve = std::max(image.reserve, terms.when_lost.current);
  image.excess = excess(facts_, terms, image.drawn, now);
  image.may_rise = may_rise(facts_, terms, now);
  image.owes_answer = owes_answer(facts_, terms, now);
  image.is_disobeying = facts_.obedience.is_found();
  image.overdraws_since = facts_.exceeds_since;
  // A clock that was set back hides no reading.
  image.is_read_before_told = facts_.is_unread && facts_.change.changed_at <= now;
}

domain::told_state grant_ledger::state(domain::connector_index connector) const {
  return {connector, facts_.numbers.last, facts_.currents.told, held_by_commands(facts_),
          facts_.is_export};
}

bool grant_ledger::take_news() { return std::exchange(facts_.has_news, false); }

instant grant_ledger::sent_at(domain::sequence number) const {
  const bool is_newest = number != 0 && number == facts_.numbers.grant;
  return is_newest ? facts_.numbers.sent_at : instant{};
}

} // namespace busbar::site
