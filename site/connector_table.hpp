#pragma once
// The connector table of one bay: a contiguous row for each connector of a feeder's stations. It
// gives what comes in to the row's parts and notices what a station must act on. Pure: the feeder
// actor feeds it readings, answers and ticks, and carries away what it notices.
//
//   readings --> connector_observation, vehicle_observation --+--> image_writer --> planner
//   answers, commands --> grant_ledger, command_deadlines     |--> view_writer --> people
//   session changes --> session_watch                         +--> memory_writer --> changelog
//   verdicts, breakers, actors --> station_supervision

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/call_terms.hpp"
#include "site/plan_orders.hpp"
#include "site/session_change.hpp"
#include "site/site_layout.hpp"
#include "site/station_notice.hpp"
#include "site/station_order.hpp"
#include "site/table_rows.hpp"
#include "site/table_settings.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace busbar::site {

struct station_outcome;

class connector_table {
public:
  connector_table(std::shared_ptr<const site_layout> layout, bay_index bay,
                  const table_settings& settings);

  /// Takes readings of connectors of this bay; older or repeated ones change nothing. Appends what
  /// a station must act on.
  void apply(std::span<const domain::reading> readings, domain::instant received_at,
             std::vector<station_notice>& out);
  /// Clocks that were found to be off by the readings since this was asked last.
  [[nodiscard]] std::vector<clock_news> take_clock_news() { return std::exchange(clocks_, {}); }
  /// A monitor's verdict; true when the station became unhealthy or healthy by it.
  bool apply(const domain::health_report& report);
  void apply(const domain::command_result& result, domain::instant now,
             std::vector<station_notice>& out);
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
  /// What its conversation and its charging profiles are to be remembered by, where that changed.
  void remember(const station_outcome& outcome);
  /// Its actor died: what it was ordered and has not answered is void.
  void restarted(domain::station_index station);

  /// What was heard of a connector, or a station, at its place in a bay of a predecessor, beside
  /// what the changelog remembers. REQUIRES: they have these places; a restored state.
  void take_over(domain::connector_index own, connector_table& before,
                 domain::connector_index then, bool hangs_as_before);
  void take_over(domain::station_index own, connector_table& before, domain::station_index then);
  /// Takes back what the changelog remembers; everything told stays reserved until acknowledged.
  /// `parts`: of this bay (site/part_memory.hpp); may be empty.
  void restore(const domain::site_state& state, std::span<const std::uint8_t> parts = {});
  /// Whether what the changelog remembers has changed since this was asked last, or the site's
  /// snapshot is due and something has come in.
  [[nodiscard]] bool take_memory_news(domain::instant now);

  [[nodiscard]] const table_rows& rows() const { return rows_; }
  [[nodiscard]] station_supervision& supervision(domain::station_index station);

private:
  [[nodiscard]] connector_row& row(domain::connector_index connector);
  void take(connector_row& row, const arrived_reading& arrived,
            std::vector<station_notice>& out);
  void renew(const plan_orders& plan, std::vector<station_order>& out);

  table_rows rows_;
  bay_call_terms calls_;
  std::vector<clock_news> clocks_;
  bool is_changed_ = false;
  /// Something came in since what is remembered was taken.
  bool has_heard_ = false;
  domain::instant remembered_at_{};
};

} // namespace busbar::site
