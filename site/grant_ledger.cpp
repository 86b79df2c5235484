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
  const bool is_over = now - facts.decrease.accepted_at >= terms.settings.follows_within;
  return is_over ? milliamperes{} : facts.decrease.had_before;
}

bool owes_answer(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  if (held(facts, terms, now) <= counted_told(facts)) return false;
  const auto since = facts.decrease.owes_since.value_or(facts.decrease.told_at);
  return since != instant{} && now - since >= terms.settings.answer_after;
}

bool may_rise(const ledger_facts& facts, const ledger_terms& terms, instant now) {
  const auto lowered_at = facts.decrease.told_at;
  const bool is_lowered_lately =
      lowered_at != instant{} && now - lowered_at < terms.settings.raise_after;
  return !is_lowered_lately || held(facts, terms, now) <= counted_told(facts);
}

milliamperes excess(const ledger_facts& facts, const ledger_terms& terms, milliamperes drawn,
                    instant now) {
  const auto& since = facts.draw.exceeds_since;
  const bool is_lasting = since && now - *since >= terms.settings.excess_after;
  const auto allowed = std::max(counted_told(facts), held(facts, terms, now));
  return is_lasting && drawn > allowed ? drawn - allowed : milliamperes{};
}

void note(domain::maybe<instant>& since, bool is_true, instant at) {
  if (!is_true) since.reset();
  else if (!since) since = at;
}

} // namespace

void grant_ledger::order(milliamperes current, bool is_export) {
  facts_.currents.ordered = current;
  facts_.is_export = is_export;
}

void grant_ledger::issue(const domain::command& command, const ledger_terms& terms, instant now) {
  auto& [numbers, currents, lease, decrease, draw, obedience, is_export] = facts_;
  numbers.last = command.number;
  if (command.kind != domain::command_kind::grant) return;
  has_news_ = has_news_ || currents.told != command.current || lease.is_over;
  note_change(command.current, now);
  currents.ordered.reset();
  currents.told = command.current;
  currents.unanswered = std::max(currents.unanswered, command.current);
  is_export = command.is_export;
  numbers.grant = command.number;
  numbers.sent_at = now;
  const auto over_after = [&](domain::seconds given) {
    return std::max(given, terms.when_lost.timeout) + terms.settings.lease_grace;
  };
  lease.ends_at = now + command.lease;
  lease.newest_over_at = now + over_after(command.lease);
  // A shorter lease ends none that was given before.
  if (std::exchange(lease.is_inherited, false)) lease.all_over_at = now + over_after(terms.lease);
  lease.all_over_at = std::max(lease.all_over_at, lease.newest_over_at);
  lease.is_over = false;
}

void grant_ledger::note_change(milliamperes next, instant now) {
  auto& decrease = facts_.decrease;
  const auto before = facts_.currents.told;
  if (next != before) decrease.changed_at = now;
  if (next < before) decrease.told_at = now;
  if (next >= held_by_commands(facts_)) decrease.owes_since.reset();
  else if (next < before && !decrease.owes_since) decrease.owes_since = now;
}

bool grant_ledger::answer(const domain::command_result& result, const ledger_terms& terms,
                          instant now) {
  auto& currents = facts_.currents;
  if (result.number == 0 || result.number != facts_.numbers.grant) return false;
  if (result.answer != domain::outcome::accepted) {
    // What it obeyed before is what it still obeys.
    has_news_ = has_news_ || currents.told != currents.unanswered;
    currents.told = currents.unanswered;
    facts_.decrease.owes_since.reset();
    return false;
  }
  const auto before = std::max(held_by_commands(facts_), had_before(facts_, terms, now));
  if (currents.told < before && facts_.draw.heard_at < now) {
    facts_.decrease.had_before = before;
    facts_.decrease.accepted_at = now;
  }
  settle(now);
  return true;
}

bool grant_ledger::obeys(domain::sequence number, instant now) {
  if (number == 0 || number != facts_.numbers.grant) return false;
  settle(now);
  return true;
}

void grant_ledger::settle(instant now) {
  auto& currents = facts_.currents;
  facts_.lease.sure_until = facts_.lease.ends_at;
  facts_.lease.all_over_at = facts_.lease.newest_over_at;
  facts_.decrease.owes_since.reset();
  facts_.obedience.acknowledged(currents.told, now);
  has_news_ = has_news_ || currents.acknowledged != currents.told ||
              currents.unanswered != currents.told;
  currents.acknowledged = currents.unanswered = currents.told;
}

std::optional<control::safety::escalation>
grant_ledger::read(const ledger_reading& reading, const ledger_terms& terms, instant now) {
  auto& draw = facts_.draw;
  const auto size = domain::magnitude_of(reading.newest);
  draw.heard_at = reading.heard_at;
  if (reading.heard_at >= facts_.decrease.accepted_at) facts_.decrease.had_before = {};
  note(draw.exceeds_since, size > std::max(counted_told(facts_), held(facts_, terms, now)), now);
  auto drawn = size;
  // While a higher value is on its way the station may obey that one already, and once its lease
  // may be over its fallback.
  auto may_hold = facts_.currents.unanswered;
  if (may_fall_back(facts_, terms, now)) may_hold = std::max(may_hold, terms.when_lost.current);
  // Against the direction of its grant it is off by both.
  else if (domain::is_export(reading.newest) != facts_.is_export)
    drawn += facts_.currents.acknowledged;
  const auto& settings = terms.settings.obedience;
  const auto most = std::max(facts_.currents.acknowledged, may_hold);
  note(draw.overdraws_since, drawn > most + settings.margin, reading.heard_at);
  return facts_.obedience.measured(settings, drawn, now, may_hold);
}

void grant_ledger::expire(const ledger_terms& terms, instant now) {
  auto& currents = facts_.currents;
  if (facts_.lease.is_over || now < facts_.lease.all_over_at) return;
  facts_.lease.is_over = true;
  facts_.is_export = false;
  facts_.decrease.owes_since.reset();
  currents.told = currents.acknowledged = currents.unanswered = terms.when_lost.current;
  facts_.obedience.acknowledged(currents.told, now);
  has_news_ = true;
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
  facts_.decrease.told_at = at;
  facts_.decrease.owes_since = at;
}

void grant_ledger::take_over(const grant_ledger& before) {
  const auto own = facts_;
  facts_ = before.facts_;
  facts_.numbers = {own.numbers.last, 0, {}};
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
  image.overdraws_since = facts_.draw.overdraws_since;
  const auto changed_at = facts_.decrease.changed_at;
  image.is_read_before_told = changed_at <= now && facts_.draw.heard_at < changed_at;
}

domain::told_state grant_ledger::state(domain::connector_index connector) const {
  return {connector, facts_.numbers.last, facts_.currents.told, held_by_commands(facts_),
          facts_.is_export};
}

bool grant_ledger::take_news() { return std::exchange(has_news_, false); }

instant grant_ledger::sent_at(domain::sequence number) const {
  const bool is_newest = number != 0 && number == facts_.numbers.grant;
  return is_newest ? facts_.numbers.sent_at : instant{};
}

} // namespace busbar::site
