#pragma once
// What a part of a site's model does at one moment, as one entry of a recording: what came from
// outside, and which part took its next piece from another one. Steps refer to what they are about;
// they are read or written at once and not kept.
//
//   readings, results, request, direct, errand --> a bay and its stations' work
//   round --> check, report of each bay --> reported --> decide --> order of each bay --> outcome

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

/// An actor ended, or the site went into its safe mode: what was on its way is not known from here
/// on.
struct disturbance {
  domain::instant now{};
  std::string_view why;
};

} // namespace busbar::site::step

namespace busbar::site {

using site_step =
    std::variant<step::readings, step::results, step::request, step::direct, step::errand,
                 step::outcome, step::check, step::report, step::order, step::round,
                 step::reported, step::meters, step::operators, step::decide, step::disturbance>;

} // namespace busbar::site
