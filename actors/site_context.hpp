#pragma once
// What all actors of one site share: the immutable layout and settings, the ports, and what is
// lent to them (connector tables, notebooks, the site's desk) so that it outlives a restart. Made
// before the engine node, kept by it and by every actor of the site.

#include "actors/interfaces.hpp"
#include "actors/loan.hpp"
#include "actors/outbox.hpp"
#include "actors/route_table.hpp"
#include "actors/site_parts.hpp"
#include "actors/site_watch_terms.hpp"
#include "actors/supervision_desk.hpp"
#include "control/carry_over/carried_state.hpp"
#include "control/safety/restart_budget.hpp"
#include "ports/engine_counters.hpp"
#include "ports/view_store.hpp"
#include "site/site_recording.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <vector>

namespace busbar::actors {

struct site_settings {
  table_settings table;
  control::safety::breaker_settings breaker;
  /// Of each supervisor.
  control::safety::restart_settings restarts;
  /// A branch that has not reported for this long is restarted. > one second.
  domain::microseconds branch_silence_max = std::chrono::seconds{3};
  /// A station's actor that owes its feeder an answer for this long is restarted. > one second.
  domain::microseconds station_silence_max = std::chrono::seconds{5};
  /// The view is published on every n-th plan; 0: never.
  std::uint32_t publish_every = 1;
  /// A site in safe mode tries its tree again after this.
  domain::seconds safe_for{60};
  /// Decisions that do not differ are still recorded this often.
  domain::seconds decision_every{60};
};

/// errc::out_of_range with the member, its value and what is allowed.
[[nodiscard]] domain::result<void> validate(const site_settings& settings);

/// errc::unknown_reference with the first place of `state` that `site` does not have. REQUIRES: the
/// state is one of this topology.
[[nodiscard]] domain::result<void> validate(const domain::site_state& state,
                                            const domain::site& site);

/// What the site's actors and the threads around them show each other, at any time.
struct site_signals {
  /// When the site actor last did its tick (us since the epoch of time): the node's watchdog.
  std::atomic<std::int64_t> alive_at_us{0};
  /// How often the node's watchdog, or a failure, restarted it.
  std::atomic<std::uint32_t> restarts{0};
  /// A station has obeyed an order of this epoch that was not given (OWN-1).
  std::atomic<bool> obeys_another{false};
  /// A tick waits in the site's mailbox: no further one is sent, so that ticks do not pile up.
  std::atomic<bool> has_tick_waiting{false};
};

struct site_context {
  site_context(std::shared_ptr<const site_layout> layout, domain::epoch owner,
               const site_settings& settings);

  std::shared_ptr<const site_layout> layout;
  site_settings settings;
  conversation_terms terms;
  std::shared_ptr<outbox> out;
  std::shared_ptr<ports::view_store> views;
  std::shared_ptr<route_table> routes;
  std::shared_ptr<site_inbox> inbox = std::make_shared<site_inbox>();
  std::shared_ptr<ports::engine_counters> counters;
  /// Hears what the parts of the site do.
  site::site_recording recording;
  /// Once the parts are as they begin. `is_exact`: they know no more than what was restored.
  void begin_recording(domain::instant now, bool is_exact) const;
  std::shared_ptr<supervision_desk> supervision = std::make_shared<supervision_desk>();

  // Lent; each to one actor at a time.
  std::deque<lendable<connector_table>> tables;
  std::deque<lendable<notebook>> notebooks;
  /// By connector; the station that borrows its notebook uses its part.
  std::vector<connector_notes> notes;
  lendable<site_desk> desk;

  /// When an actor of the site stalls, and what is done then.
  site_watch_terms watches;
  [[nodiscard]] std::span<connector_notes> notes_of(domain::station_index station);
  site_signals signals;

  /// Takes back a predecessor's state. Before any actor runs. REQUIRES: validate(state, site).
  void restore(const domain::site_state& state, domain::instant now);
  /// The same of a state of any tree, by ids (control/carry_over). What has no place here is said,
  /// told its stop and billed. False: the state does not say what its places are; nothing is done.
  [[nodiscard]] bool go_on(const domain::site_state& state, domain::instant now);
  /// Sessions that ended with the tree before: their drivers are still to be told.
  std::vector<domain::session_fact> ended;
  /// The context that this one replaces while its state is not taken over yet; null otherwise.
  std::shared_ptr<site_context> predecessor;
  /// False between the order to replace a site and the take-over; read by other threads.
  std::atomic<bool> is_in_place{true};
  /// No actor borrows anything of it.
  [[nodiscard]] bool is_free() const;
  /// Takes over from `predecessor` once no actor uses that any more; false: not yet. REQUIRES: a
  /// predecessor of the same site; no actor runs on this one.
  [[nodiscard]] bool take_over(domain::instant now);

private:
  control::carry_over::place_match carry(const domain::site_state& state,
                                         const control::carry_over::site_outline& before,
                                         domain::instant now);
  void leave(const control::carry_over::carried_state& carried,
             const control::carry_over::site_outline& before, domain::instant now);
  void take_rows(site_context& before, const control::carry_over::place_match& places);
  void restore_profiles(const domain::station_profiles& kept, domain::instant now);

  /// Number of the newest command to a connector that is gone.
  domain::sequence last_stop_ = 0;
};

} // namespace busbar::actors
