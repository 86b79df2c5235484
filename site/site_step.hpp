#pragma once
// What a part of a site's model does at one moment, as one entry of a recording: what came from
// outside, and which part took its next piece from another one. Steps refer to what they are about;
// they are read or written at once and not kept.
//
//   readings, results, request, direct, errand --> a bay and its stations' work
//   round --> check, report of each bay --> reported --> decide --> order of each bay --> outcome
//   station_actor, bay_begun, desk_begun --> what was on its way to or from an actor that ended
//   safe_orders --> safe_bay --> safe_order of each of its connectors

#include "domain/cause.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/operator_order.hpp"
#include "domain/request.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"
#include "site/station_work.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <variant>

namespace busbar::site::step {

/// A bay takes its part of a batch.
struct readings {
  bay_index bay = 0;
  domain::instant received_at{};
  std::span<const domain::reading> readings;
  std::span<const domain::health_report> health;
};
/// A bay takes its stations' answers.
struct results {
  bay_index bay = 0;
  domain::instant received_at{};
  std::span<const domain::command_result> results;
  /// To commands of the owner before.
  bool are_of_before = false;
};
/// A driver's request goes to a station, with what its bay knows of it. Never null.
struct request {
  domain::station_index station;
  domain::instant received_at{};
  const domain::driver_request* request = nullptr;
};
/// Never null.
struct direct {
  const direct_order* order = nullptr;
};
/// Never null.
struct errand {
  const profile_errand* errand = nullptr;
};
/// A bay takes what came of the next piece of work of a station.
struct outcome {
  domain::station_index station;
};
/// A bay checks its deadlines; its stations get what it notices.
struct check {
  bay_index bay = 0;
  domain::instant now{};
};
/// A bay fills its report of a tick. `has_commands`: some wait for the record of the tick.
struct report {
  bay_index bay = 0;
  std::uint64_t tick = 0;
  domain::instant now{};
  bool has_commands = false;
};
/// A bay takes its orders of the plan of a tick.
struct order {
  bay_index bay = 0;
  std::uint64_t tick = 0;
};

/// The desk begins a tick.
struct round {
  std::uint64_t tick = 0;
  domain::instant now{};
};
/// The desk takes reports of bays.
struct reported {
  std::span<const std::shared_ptr<const bay_report>> bays;
};
/// The desk takes meters.
struct meters {
  domain::instant received_at{};
  std::span<const domain::meter_reading> meters;
};
/// The desk takes an operator's order and its cause. Never null.
struct operators {
  const domain::operator_order* order = nullptr;
  const domain::cause* by = nullptr;
  domain::instant now{};
};
/// How a branch stands with its parent.
struct branch_standing {
  branch_index branch = 0;
  bool is_overdue = false;
  bool operator==(const branch_standing&) const = default;
};
/// The desk makes the plan of a tick and publishes what comes of it.
struct decide {
  std::uint64_t tick = 0;
  domain::instant now{};
  /// Every bay has reported once, of this tick: the sums are those of the reports.
  bool has_every_report = true;
  /// Otherwise these.
  std::span<const node_sum> sums;
  /// No branch is overdue, and each was looked at once.
  bool has_every_branch = true;
  /// Otherwise these.
  std::span<const branch_standing> branches;
};

/// What becomes of the actor of a station, as its bay sees it.
enum class station_change : std::uint8_t { begun, ended, stalled, given_up, answered };
/// What a station was sent and has not done when its actor ends is lost with it.
struct station_actor {
  domain::station_index station;
  station_change change = station_change::begun;
  /// begun: pieces of work that were done before it.
  std::uint64_t pieces_done = 0;
  /// stalled, given_up: since when it has owed an answer.
  domain::instant since{};
};
/// The actor of a bay begins: none of its stations runs yet, and what they answered to the one
/// before it is lost.
struct bay_begun {
  bay_index bay = 0;
};
/// The site's actor begins: of the reports for its next plan it has none.
struct desk_begun {};
/// The site's actor is in its safe mode, and tells the fallbacks itself where they are due.
struct safe_orders {
  std::uint64_t tick = 0;
  domain::instant now{};
  bool are_due = false;
};
/// A bay takes its part of them.
struct safe_bay {
  bay_index bay = 0;
};
/// The next order of that part: `is_told` where no actor has the station's book.
struct safe_order {
  domain::station_index station;
  bool is_told = false;
  /// is_told: pieces of work that were done before it.
  std::uint64_t pieces_done = 0;
};

} // namespace busbar::site::step

namespace busbar::site {

using site_step =
    std::variant<step::readings, step::results, step::request, step::direct, step::errand,
                 step::outcome, step::check, step::report, step::order, step::round,
                 step::reported, step::meters, step::operators, step::decide, step::station_actor,
                 step::bay_begun, step::desk_begun, step::safe_orders, step::safe_bay,
                 step::safe_order>;

} // namespace busbar::site
