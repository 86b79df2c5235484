#pragma once
// The bay of one feeder: a contiguous table with one row for each connector of its stations. Pure:
// the feeder actor feeds it readings, answers and ticks, and carries away what it notices.
//
// What a connector was told, and what of it its station may still hold, is its grant ledger's.

#include "control/image.hpp"
#include "control/metering/released_draw.hpp"
#include "control/metering/sample_clock.hpp"
#include "control/metering/sampled_draw.hpp"
#include "control/metering/used_lines.hpp"
#include "control/safety/input_watch.hpp"
#include "control/stations/battery_estimate.hpp"
#include "control/stations/tracking_error.hpp"
#include "control/transition/write_budget.hpp"
#include "domain/breaker.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/bay_report.hpp"
#include "site/call_terms.hpp"
#include "site/conversation.hpp"
#include "site/grant_ledger.hpp"
#include "site/plan_orders.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace busbar::site {

struct bay_settings {
  /// A command that is not answered within this has failed. > 0.
  domain::microseconds answer_within = std::chrono::seconds{5};
  /// An answer that takes this long is news to its station: as in the settings of its breaker. > 0.
  domain::microseconds slow_after = std::chrono::seconds{3};
  /// Facts IN_PROGRESS of an open session come this often. > 0.
  domain::microseconds progress_every = std::chrono::seconds{1};
  /// Failed monitor checks in a row that make a station unhealthy. >= 1.
  std::uint16_t monitor_failures = 3;
  ledger_settings ledger;
};

struct bay_row {
  /// Its time is the engine's (`sample_clock`).
  domain::reading newest;
  /// What the newest one's own clock said.
  domain::instant stamped_at{};
  /// Made with the first reading whose time cannot be true.
  std::unique_ptr<control::metering::sample_clock> clock;
  /// The earlier of measured and received: a clock that runs ahead does not make a reading fresh.
  domain::instant heard_at{};
  control::metering::released_draw released;
  /// Of a three-phase AC connector (LIM-8).
  control::metering::used_lines used_lines;
  /// Line currents of the reading before `newest`.
  std::array<std::int32_t, 3> before{};
  grant_ledger ledger;
  domain::instant pending_since{};
  domain::instant renew_at{};
  domain::instant progress_at{};
  session_pointer session;
  /// Of a session whose bill waits: the newest reading then. The next one is worth a word.
  domain::maybe<domain::instant> unsettled_since;
  /// That session, with the register that was billed; null: no bill waits.
  session_pointer bill_waits;
  domain::reason because;
  /// Made with the first sample.
  std::unique_ptr<control::stations::tracking_error> tracking;
  /// Of a DC outlet's session, made with its first reading.
  std::unique_ptr<control::stations::battery_estimate> battery;
  /// Number of the newest order to switch phases, what it asks for, and what is used now.
  domain::sequence phases_number = 0;
  std::uint8_t phases_ordered = 0;
  std::uint8_t lines_now = 3;
  /// Commands in a row that were not answered.
  std::uint8_t tries = 0;
  bool has_reading = false;
  bool is_pending = false;
  bool is_stopping = false;
};

/// What the bay knows of a station beside its connectors.
struct bay_station {
  /// Of its clock against the engine's; negative: behind.
  domain::microseconds clock_ahead{};
  domain::instant breaker_changed_at{};
  std::uint32_t breaker_failures = 0;
  std::uint32_t breaker_calls = 0;
  std::uint32_t times_opened = 0;
  std::uint32_t restarts = 0;
  /// Where its model bounds the writes.
  std::unique_ptr<control::transition::write_budget> writes;
  domain::breaker_position breaker = domain::breaker_position::closed;
  bool is_unhealthy = false;
  /// Its actor owes an answer for too long (since `stalled_since`) and is being restarted.
  bool is_stalled = false;
  domain::instant stalled_since{};
  /// Grants accepted in good time that its breaker has not counted yet: they wait for the next
  /// message to the station, at the latest its lease's renewal.
  std::uint8_t routine = 0;
};

class bay {
public:
  bay(std::shared_ptr<const site_layout> layout, bay_index index, bay_settings settings);

  /// Takes readings of connectors of this bay; older or repeated ones change nothing. Appends what
  /// a station must act on.
  void apply(std::span<const domain::reading> readings, domain::instant received_at,
             std::vector<station_notice>& out);
  /// Clocks that were found to be off by the readings since this was asked last.
  [[nodiscard]] std::vector<clock_news> take_clock_news() { return std::exchange(clocks_, {}); }
  /// A monitor's verdict; true when the station became unhealthy or healthy by it.
  bool apply(const domain::health_report& report);
  /// `is_of_before`: of a command of an epoch before. What it is about, an order of charging
  /// profiles or a start or stop that was carried over, is found by its number; it settles no
  /// grant.
  void apply(const domain::command_result& result, domain::instant now,
             std::vector<station_notice>& out, bool is_of_before = false);
  /// Answers that were no news, for the message that goes to the station now.
  [[nodiscard]] std::uint8_t take_routine(domain::station_index station);
  /// Deadlines: commands without answer, sessions that progress or have what they wanted. Time by
  /// which the checks themselves come late is not counted against stations.
  void check(domain::instant now, std::vector<station_notice>& out);
  /// The plan's effects on this bay and the leases to renew.
  void order(const plan_orders& plan, std::vector<station_order>& out);
  /// A station has made a command of an order (or of a request).
  void issued(const domain::command& command, domain::instant now);
  /// A station did not make a command of the order: what was told before still holds.
  void not_issued(domain::connector_index connector);
  void session_changed(const session_change& change);
  /// Its charging profiles, to be remembered.
  void profiles_changed(const domain::station_profiles& profiles);
  void breaker_changed(domain::station_index station, const control::safety::breaker& breaker);
  /// Its actor has owed an answer since then: until it is another one or answers after all, the
  /// station counts as one that cannot be reached.
  void actor_stalled(domain::station_index station, domain::instant since);
  /// Whether it had stalled.
  bool actor_answered(domain::station_index station);
  /// Its actor died: what it was ordered and has not answered is void.
  void restarted(domain::station_index station);

  /// What was heard of a connector, or a station, at its place in a bay of a predecessor, beside
  /// what the changelog remembers. REQUIRES: they have these places; a restored state.
  void take_over(domain::connector_index own, bay& before, domain::connector_index then,
                 bool hangs_as_before);
  void take_over(domain::station_index own, bay& before, domain::station_index then);
  /// Only what must be remembered.
  void remember(bay_report& report) const { fill_memory(report.memory.emplace()); }
  /// `sampled_at`: of the meters' samples that the sums are taken off.
  void fill(bay_report& report, std::uint64_t tick, domain::instant now, bool with_view,
            domain::instant sampled_at = domain::instant::max());
  [[nodiscard]] station_facts facts_of(domain::station_index station, domain::instant now) const;
  /// Takes back what the changelog remembers; everything told stays reserved until acknowledged.
  void restore(const domain::site_state& state);

  [[nodiscard]] const std::vector<bay_row>& rows() const { return rows_; }
  [[nodiscard]] const bay_station& station_at(std::uint32_t at) const { return stations_[at]; }

private:
  [[nodiscard]] bay_row& row_of(domain::connector_index connector);
  [[nodiscard]] bay_station& record_of(domain::station_index station);
  [[nodiscard]] const bay_station& record_of(domain::connector_index connector) const;
  [[nodiscard]] const domain::station& station_of(domain::connector_index connector) const;
  void read_supervision();
  [[nodiscard]] domain::maybe<domain::instant>
  measured_at(bay_row& row, const domain::reading& reading, domain::instant received_at);
  void note_clock(bay_row& row, domain::connector_index connector);
  [[nodiscard]] const call_terms& calls_of(domain::connector_index connector) const;
  [[nodiscard]] domain::microseconds pause_of(const bay_row& row, const call_terms& calls) const;
  [[nodiscard]] bool is_stale(const bay_row& row, domain::instant now) const;
  [[nodiscard]] control::safety::belief belief_of(const bay_row& row, domain::instant now) const;
  [[nodiscard]] control::transition::write_allowance
  writes_of(domain::connector_index connector) const;
  /// What a DC outlet can do now, as input current.
  void bound_output(const bay_row& row, domain::connector_index connector,
                    control::connector_image& image) const;
  [[nodiscard]] bool may_write(domain::connector_index connector, domain::instant now);
  void note_write(domain::connector_index connector, domain::instant now);
  void watch_draw(bay_row& row, domain::instant now, std::vector<station_notice>& out);
  void track(bay_row& row) const;
  void watch_battery(bay_row& row) const;
  /// What its vehicle may give back now, at its output; absent: nothing.
  [[nodiscard]] std::optional<domain::watts> export_power(const bay_row& row,
                                                          domain::connector_index connector,
                                                          domain::instant now) const;
  [[nodiscard]] domain::milliamperes input_current(domain::watts power,
                                                   domain::connector_index connector) const;
  void fill_battery(domain::connector_view& view, const bay_row& row, domain::instant now) const;
  void watch_lines(bay_row& row) const;
  void watch_used_lines(bay_row& row) const;
  void fill_following(domain::connector_view& view, const bay_row& row) const;
  /// Whether its station's command channel and its actor do.
  [[nodiscard]] bool does_answer(domain::connector_index connector) const;
  [[nodiscard]] bool is_reachable(const bay_row& row, domain::connector_index connector,
                                  domain::instant now) const;
  void notice_state(const bay_row& row, domain::connector_state before,
                    std::vector<station_notice>& out, domain::instant now) const;
  void check_session(bay_row& row, domain::connector_index connector, domain::instant now,
                     std::vector<station_notice>& out) const;
  station_notice& notice_about(const bay_row& row, domain::connector_index connector,
                               notice_kind kind, domain::instant now,
                               std::vector<station_notice>& out) const;
  [[nodiscard]] bool is_routine(const station_notice& answer) const;
  [[nodiscard]] domain::microseconds renewal_phase(const domain::command& command) const;
  [[nodiscard]] ledger_terms terms_of(domain::connector_index connector) const;
  [[nodiscard]] static bool is_renewal_due(const bay_row& row, domain::instant now);
  void renew(bay_row& row, domain::connector_index connector, const plan_orders& plan,
             std::vector<station_order>& out);
  [[nodiscard]] control::connector_image image_of(const bay_row& row,
                                                  domain::connector_index connector,
                                                  domain::instant now) const;
  void add_released(bay_report& report, const bay_row& row, domain::connector_index connector,
                    domain::instant now) const;
  void add_silent_export(bay_report& report, const bay_row& row,
                         domain::connector_index connector) const;
  void fill_view(bay_view& view, domain::instant now) const;
  void fill_stations(bay_view& view, domain::instant now) const;
  [[nodiscard]] domain::watchdog_view watchdog_of(domain::station_index station,
                                                  domain::instant now) const;
  void fill_session(bay_view& view, const bay_row& row, domain::instant now) const;
  void fill_memory(bay_memory& memory) const;

  std::shared_ptr<const site_layout> layout_;
  bay_index index_;
  bay_settings settings_;
  std::vector<bay_row> rows_;
  std::vector<bay_station> stations_;
  call_terms calls_;
  /// By place, of stations that the site's file gives their own.
  std::map<std::uint32_t, call_terms> own_calls_;
  /// Of the stations that have, or had, any, in the order of their places.
  std::vector<domain::station_profiles> profiles_;
  std::vector<clock_news> clocks_;
  bool is_changed_ = false;
  /// Its newest plan was the safe mode's: no station takes a new driver.
  bool is_site_safe_ = false;
  domain::instant checked_at_{};
};

} // namespace busbar::site
