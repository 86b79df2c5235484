#include "node/journal.hpp"

#include "domain/events/sessions.hpp"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <utility>

namespace busbar::node {

namespace {

using domain::session_fact_kind;

/// Thousandths as a decimal with two places: 1234 is "1.23".
std::string decimal(std::int64_t thousandths) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", static_cast<double>(thousandths) / 1000.0);
  return text;
}

/// The first `count` of them.
std::vector<ports::journal_entry>
copies_of(const std::vector<const ports::journal_entry*>& entries, std::size_t count) {
  std::vector<ports::journal_entry> copies;
  for (std::size_t i = 0; i < std::min(entries.size(), count); ++i) copies.push_back(*entries[i]);
  return copies;
}

} // namespace

domain::event event_of(const domain::session_fact& fact) {
  return domain::events::of_fact(
      fact, {decimal(fact.power.count()), decimal(fact.energy.count()),
             decimal(fact.cost.count() / 1000),
             fact.energy_wanted ? decimal(fact.energy_wanted->count()) : std::string{}});
}

ring_journal::ring ring_journal::ring_of(const ports::journal_entry& entry) {
  if (domain::events::is_progress(entry.event)) return progress;
  switch (entry.event.level) {
  case domain::severity::critical: return criticals;
  case domain::severity::warning: return warnings;
  default: return infos;
  }
}

void ring_journal::append(ports::journal_entry entry) {
  static constexpr std::array<std::size_t, ring_count> most{progress_max, infos_max, warnings_max,
                                                            criticals_max};
  entry.number = ++end_;
  const auto place = ring_of(entry);
  auto& own = rings_[place];
  own.push_back(std::move(entry));
  if (own.size() <= most[place]) return;
  if (place != progress) whole_from_ = std::max(whole_from_, own.front().number + 1);
  own.pop_front();
}

void ring_journal::add(domain::event event) {
  const std::lock_guard lock{guard_};
  append({0, std::move(event), std::nullopt});
}

void ring_journal::add(domain::session_fact fact) {
  const std::lock_guard lock{guard_};
  const bool is_past =
      fact.kind == session_fact_kind::completed || fact.kind == session_fact_kind::denied;
  if (fact.kind == session_fact_kind::accepted && starts_.size() < starts_max)
    starts_.insert_or_assign(fact.session, fact.began_at.value_or(fact.at));
  if (fact.kind == session_fact_kind::settled) settle(fact);
  if (is_past) keep_past(fact);
  auto event = event_of(fact);
  append({0, std::move(event), std::move(fact)});
}

ring_journal::past_key ring_journal::key_of(const domain::session_fact& fact) {
  if (fact.kind != session_fact_kind::denied) return {fact.site, fact.session, {}, {}, fact.at};
  return {fact.site, fact.session, fact.request, fact.station, fact.at};
}

void ring_journal::keep_past(const domain::session_fact& fact) {
  if (!known_past_.insert(key_of(fact)).second) return;
  past_.push_back(fact);
  if (const auto start = starts_.find(fact.session);
      start != starts_.end() && fact.kind == session_fact_kind::completed) {
    past_.back().began_at = start->second;
    starts_.erase(start);
  }
  if (past_.size() > past_sessions_max) drop_oldest_past();
}

void ring_journal::drop_oldest_past() {
  known_past_.erase(key_of(past_.front()));
  past_.pop_front();
}

void ring_journal::restore(const std::vector<domain::session_fact>& past) {
  const std::lock_guard lock{guard_};
  const auto known = past_.size();
  for (const auto& fact : past) {
    if (known_past_.insert(key_of(fact)).second) past_.push_back(fact);
    else if (fact.kind == session_fact_kind::completed && !fact.is_bill_open) settle(fact);
  }
  if (past_.size() == known) return;
  if (!std::ranges::is_sorted(past_, {}, &domain::session_fact::at))
    std::ranges::stable_sort(past_, {}, &domain::session_fact::at);
  while (past_.size() > past_sessions_max) drop_oldest_past();
}

/// The past session's energy and cost are those of its bill.
void ring_journal::settle(const domain::session_fact& fact) {
  const auto past = std::find_if(past_.rbegin(), past_.rend(), [&](const auto& each) {
    return each.session == fact.session && each.site == fact.site &&
           each.kind == session_fact_kind::completed;
  });
  if (past == past_.rend()) return;
  past->energy = fact.energy;
  past->cost = fact.cost;
}

std::vector<ports::journal_entry> ring_journal::journal(std::uint64_t after,
                                                         std::size_t count) const {
  const std::lock_guard lock{guard_};
  std::vector<const ports::journal_entry*> found;
  for (const auto& kept : rings_) {
    const auto first = std::ranges::upper_bound(kept, after, {}, &ports::journal_entry::number);
    const auto left = std::min(static_cast<std::size_t>(kept.end() - first), count);
    for (std::size_t i = 0; i < left; ++i) found.push_back(&first[static_cast<std::ptrdiff_t>(i)]);
  }
  std::ranges::sort(found, {}, &ports::journal_entry::number);
  return copies_of(found, count);
}

std::vector<ports::journal_entry> ring_journal::journal_before(std::uint64_t before,
                                                                std::size_t count) const {
  const std::lock_guard lock{guard_};
  std::vector<const ports::journal_entry*> found;
  for (const auto& kept : rings_) {
    const auto end = std::ranges::lower_bound(kept, before, {}, &ports::journal_entry::number);
    const auto left = std::min(static_cast<std::size_t>(end - kept.begin()), count);
    for (std::size_t i = 1; i <= left; ++i)
      found.push_back(&*(end - static_cast<std::ptrdiff_t>(i)));
  }
  std::ranges::sort(found, std::ranges::greater{}, &ports::journal_entry::number);
  return copies_of(found, count);
}

std::uint64_t ring_journal::journal_whole_from() const {
  const std::lock_guard lock{guard_};
  return whole_from_;
}

std::uint64_t ring_journal::journal_end() const {
  const std::lock_guard lock{guard_};
  return end_;
}

std::vector<domain::session_fact> ring_journal::past_sessions(std::size_t count) const {
  const std::lock_guard lock{guard_};
  const auto taken = static_cast<std::ptrdiff_t>(std::min(count, past_.size()));
  return {past_.rbegin(), past_.rbegin() + taken};
}

} // namespace busbar::node
