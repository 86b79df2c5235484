#pragma once
// What one connector was told, and what of it its station may still hold or draw: the one owner of
// that (LIM-1, LIM-3, SAFE-2, docs/adr/0014). Commands with their numbers, answers, readings and
// time in; what the planner needs out (`fill`).
//
//   order --> told, unanswered --answer to the newest number--> acknowledged
//                  \--the leases of all without an answer are over--> fallback
//
// Stations obey a command only where its number is higher than all before, so an answer to the
// newest number says what a station holds. Until it comes the highest current without an answer
// counts, and what the vehicle had before a decrease until a reading shows what it draws.

#include "control/image.hpp"
#include "control/safety/obedience.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/maybe.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::site {

struct ledger_settings {
  /// SAFE-2.
  control::safety::obedience_settings obedience;
  /// Added to the end of a lease before the station is taken to have fallen back. >= 0.
  domain::microseconds lease_grace = std::chrono::seconds{5};
  /// Time in which a vehicle follows a lower offer (IEC 61851-1, A.4: 5 s). Until then, or until a
  /// reading shows what it draws, it is counted with what it had before.
  domain::microseconds follows_within = std::chrono::seconds{5};
  /// A decrease that is not acknowledged for this long cannot be counted on soon.
  domain::microseconds answer_after = std::chrono::seconds{3};
  /// Nothing is raised for this long after a change while a decrease is not acknowledged.
  domain::microseconds raise_after = std::chrono::seconds{30};
  /// A draw above all that was told is an excess after this: the 5 s that a vehicle may take to
  /// follow (IEC 61851-1), and two readings.
  domain::microseconds excess_after = std::chrono::seconds{7};
};

/// What a ledger must know of its connector; the site's, and longer lived than the call.
struct ledger_terms {
  const ledger_settings& settings;
  /// What the station does when its lease has ended.
  const domain::fallback& when_lost;
  /// The site's.
  domain::seconds lease{};
};

/// A reading as the bay has taken it.
struct ledger_reading {
  const domain::reading& newest;
  /// The earlier of measured and received, by the engine's clock.
  domain::instant heard_at{};
};

/// What is known of one connector; changed by its ledger alone.
struct ledger_facts {
  struct command_numbers {
    /// Of any command; 0: none was made.
    domain::sequence last = 0;
    /// Of the newest grant; 0: none in this epoch.
    domain::sequence grant = 0;
    domain::instant sent_at{};
  };
  struct told_currents {
    /// By the newest grant.
    domain::milliamperes told{};
    domain::milliamperes acknowledged{};
    /// The highest of any command since the newest one that is acknowledged; that one's where all
    /// are.
    domain::milliamperes unanswered{};
    /// Decided by a plan, and no command yet.
    domain::maybe<domain::milliamperes> ordered;
  };
  struct told_lease {
    /// End of the newest acknowledged grant's lease: after it the station may be in its fallback,
    /// whatever was sent since.
    domain::instant sure_until{};
    /// When the station has fallen back by all that it may hold.
    domain::instant all_over_at{};
    /// The newest grant's lease, in seconds.
    std::int32_t given_s = 0;
    /// Its leases are over, or it was told nothing: it is in its fallback.
    bool is_over = true;
    /// A predecessor's leases may go on: nothing of them is known.
    bool is_inherited = false;
  };
  struct told_change {
    /// The highest that it held before the newest decrease was accepted; 0: no more than now.
    domain::milliamperes had_before{};
    domain::instant accepted_at{};
    /// Last told another current.
    domain::instant changed_at{};
    /// Owes the acknowledgement of a decrease.
    domain::maybe<domain::instant> owes_since;
  };
  command_numbers numbers;
  told_currents currents;
  told_lease lease;
  told_change change;
  control::safety::obedience obedience;
  /// Draws more than all it was told, if only a little (LIM-1).
  domain::maybe<domain::instant> exceeds_since;
  /// The newest order's or command's current flows out of the vehicle.
  bool is_export = false;
  /// A grant of this revision of the site was accepted: the station falls back as it states.
  bool is_fallback_accepted = false;
  /// No reading has come of since it was last told another current.
  bool is_unread = false;
  /// What the changelog keeps has changed.
  bool has_news = false;
  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    auto& [last, grant, sent_at] = self.numbers;
    visit(last, grant, sent_at);
    auto& [told, acknowledged, unanswered, ordered] = self.currents;
    visit(told, acknowledged, unanswered, ordered);
    auto& [sure_until, all_over_at, given_s, is_over, is_inherited] = self.lease;
    visit(sure_until, all_over_at, given_s, is_over, is_inherited);
    auto& [had_before, accepted_at, changed_at, owes_since] = self.change;
    visit(had_before, accepted_at, changed_at, owes_since);
    visit(self.obedience, self.exceeds_since, self.is_export, self.is_fallback_accepted,
          self.is_unread);
  }
};

class grant_ledger {
public:
  /// A connector that was told nothing: it may be in its fallback.
  explicit grant_ledger(domain::milliamperes fallback = {}) {
    facts_.currents.unanswered = fallback;
  }

  // In.
  /// Decided by a plan, and no command yet: a raise counts from now on.
  void order(domain::milliamperes current, bool is_export);
  /// No command was made of it: what was told before holds.
  void drop_order() { facts_.currents.ordered.reset(); }
  /// Any command. REQUIRES: its number is above all before.
  void issue(const domain::command& command, const ledger_terms& terms, domain::instant now);
  /// True where it is the acknowledgement of the newest grant. Others change nothing, but the
  /// refusal of the newest one: then all that may be held from before is what was told.
  bool answer(const domain::command_result& result, const ledger_terms& terms,
              domain::instant now);
  /// A reading that states the newest grant acknowledges it: true.
  bool obeys(domain::sequence number, const ledger_terms& terms, domain::instant now);
  /// Returns the step of the escalation that is due now, if one is (SAFE-2).
  std::optional<control::safety::escalation> read(const ledger_reading& reading,
                                                  const ledger_terms& terms, domain::instant now);
  /// SAFE-1: a station that no lease covers any more is in its fallback.
  void expire(const ledger_terms& terms, domain::instant now);
  /// What a predecessor has told; `at`: the time of its record.
  void restore(const domain::told_state& state, domain::instant at);
  /// KEEP-3: after `restore`, all that the predecessor knew; true where no command and no answer
  /// came after that. Where one did, only the steps against a station that does not obey go on.
  bool restore(const ledger_facts& before, domain::connector_index connector);
  /// The ledger of the same connector under another site file goes on, with this one's numbers.
  void take_over(const grant_ledger& before);

  // Out.
  /// What the planner is given. `drawn`, `is_reachable` and `is_zeroed` are in `image` already.
  void fill(control::connector_image& image, const ledger_terms& terms, domain::instant now) const;
  /// What the changelog keeps.
  [[nodiscard]] domain::told_state state(domain::connector_index connector) const;
  /// True once after what the changelog keeps has changed.
  [[nodiscard]] bool take_news();
  [[nodiscard]] domain::milliamperes told() const { return facts_.currents.told; }
  [[nodiscard]] domain::milliamperes acknowledged() const { return facts_.currents.acknowledged; }
  /// When the newest grant was sent, where `number` is its number.
  [[nodiscard]] domain::instant sent_at(domain::sequence number) const;
  [[nodiscard]] const ledger_facts& facts() const { return facts_; }

private:
  void settle(const ledger_terms& terms, domain::instant now);
  void note_change(domain::milliamperes next, domain::instant now);

  ledger_facts facts_;
};

} // namespace busbar::site
