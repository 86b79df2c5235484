#pragma once
// All that is known of a site at one tick: the input of `planner::decide` and nothing else is.
// Built by the site actor from its topology and the feeders' bays, and by `busbar plan` from JSON.
// An image does not change while a plan is made from it.

#include "domain/line_set.hpp"
#include "domain/maybe.hpp"
#include "domain/operator_order.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::control {

/// How a node's unmanaged load is known.
enum class unmanaged_knowledge : std::uint8_t {
  /// none declared, none measured
  none = 0,
  /// `node_image::unmanaged` holds it
  known,
  /// a meter is stale or lost: counts as full load (LIM-3)
  lost,
};

/// An order from outside at its node, resolved (LIM-7).
struct order_limit {
  domain::limit limit;
  domain::counted_load counts = domain::counted_load::everything;
  /// It may not take this much from the connectors below.
  domain::watts guaranteed{};
};

/// What a node's meter has measured, unmanaged load included.
struct measured_flow {
  domain::per_line<domain::milliamperes> current{};
  domain::watts power{};
};

struct node_image {
  unmanaged_knowledge knowledge = unmanaged_knowledge::none;
  domain::per_line<domain::milliamperes> unmanaged{};
  /// Limits that come and go (demand response, operator, thermal, frequency ...), beside the
  /// topology's own.
  std::vector<domain::limit> live_limits;
  /// Orders from outside that count the chargers alone or guarantee a minimum; the others are among
  /// the live limits.
  std::vector<order_limit> orders;
  /// By line, at a node with a rule of imbalance: what connectors that do not load all three lines
  /// alike may carry there now.
  std::optional<domain::per_line<domain::milliamperes>> unbalanced_max;
  /// What connectors that hung here or below before the site's tree changed may still draw, in the
  /// node's own voltage: counts here, beside everything else (LIM-9). What of it counts above is in
  /// the images of the nodes above.
  domain::per_line<domain::milliamperes> left_behind{};
  /// Absent where no meter is heard. Says what is exceeded, and decides nothing.
  std::optional<measured_flow> flow;
  /// What of `unmanaged` is sure whatever the moments at which connectors were read
  /// (metering/sure_load); absent: all of it. Says what is exceeded and what was no surprise, and
  /// no plan counts on it.
  std::optional<measured_flow> unmanaged_sure;
};

/// A connector's demand and what is known of it. Currents are line currents, >= 0 unless said.
/// There is one for each connector in the image and in every report on its way: 160 bytes. What its
/// station was told and may hold is its grant ledger's (site/grant_ledger.hpp); where there are no
/// numbers it is the door's of `busbar plan` (apps/doors/image_ledger.hpp).
struct connector_image {
  /// A vehicle wants energy.
  bool wants = false;
  /// Commands reach it.
  bool is_reachable = true;
  /// No new grants (open breaker, fault, operator) where false; its reserve still counts.
  bool is_available = true;
  /// SAFE-2: found to draw above what it acknowledged; a fixed load: no plan can change it.
  bool is_disobeying = false;
  /// SAFE-1: its input is lost and it is to be told zero, whatever it wants.
  bool is_zeroed : 1 = false;
  /// False while a decrease of the last 30 s, or something lower after a raise, is on its way.
  bool may_rise : 1 = true;
  /// LIM-1: what it was told to give up is not acknowledged in time, so that the others must make
  /// room for all that it may still draw.
  bool owes_answer : 1 = false;
  /// Its newest reading is of before it was told what it is told, or was never heard: it shows
  /// nothing of how that is followed.
  bool is_read_before_told : 1 = false;
  /// Its next reading is overdue: by now it may draw up to its reserve (metering/silent_draw).
  bool is_late : 1 = false;
  /// Its readings are stale: no draw of it is taken off what meters show.
  bool is_unheard : 1 = false;
  /// An operator asks for it, at most `export_max`. REQUIRES: that is there.
  bool gives_back = false;
  /// What holds it to `derated_max` is heat or a battery that is nearly full; otherwise that is the
  /// most its outlet can do at this voltage.
  bool is_derated = true;
  /// What it was told last, acknowledged or draws flows out of the vehicle. Currents here are
  /// magnitudes whichever way they flow.
  bool is_export = false;
  /// Lines that it uses now, where its station switches phases; absent: all of its connector.
  std::optional<std::uint8_t> lines_now;
  /// LIM-8: lines of the site that its vehicle uses, of those of its three-phase AC connector, as
  /// its readings have shown (metering/used_lines); absent: all of them.
  std::optional<domain::line_set> used_lines;
  /// How long before the image's time `drawn` was measured, in ms; the largest value: that long or
  /// longer, or never.
  std::uint32_t drawn_ms_ago = 0;
  domain::milliamperes drawn{};
  domain::milliamperes told{};
  /// At least its fallback where its lease may be over.
  domain::milliamperes acknowledged{};
  /// The largest current of the commands that are not answered yet; 0: there is none.
  domain::milliamperes unanswered{};
  /// All that its grant ledger counts for it (LIM-1); no less counts than the row shows otherwise.
  domain::milliamperes reserve{};
  /// What it has drawn for a while above all it was told. Within the tolerance of SAFE-2 that is no
  /// disobedience, but a current that the others make room for (LIM-1).
  domain::milliamperes excess{};
  /// Draws more than all it was told since; absent: it does not. Says since when one that does not
  /// obey does so.
  domain::maybe<domain::instant> overdraws_since;
  /// What an operator allows it at most now, and what a DC outlet can do (`is_derated`: by its heat
  /// and its battery).
  domain::maybe<domain::milliamperes> operator_max;
  domain::maybe<domain::milliamperes> derated_max;
  /// What its vehicle may give back now (DC; line current at the site's side); absent: nothing.
  domain::maybe<domain::milliamperes> export_max;
  /// What the vehicle can take now at most; absent: the connector's maximum.
  domain::maybe<domain::milliamperes> vehicle_max;
  domain::maybe<domain::permille> soc;
  domain::maybe<domain::permille> soc_target;
  domain::maybe<domain::permille> soc_reserve;
  domain::maybe<domain::watt_hours> energy_needed;
  domain::maybe<domain::watt_hours> energy_delivered;
  domain::maybe<domain::instant> arrived_at;
  domain::maybe<domain::instant> departs_at;
};

/// nodes and connectors stand in the topology's order and have its sizes.
struct image {
  domain::instant now{};
  std::shared_ptr<const domain::site> topology;
  std::vector<node_image> nodes;
  std::vector<connector_image> connectors;
  /// 0 to 5 (control/safety/load_shedding).
  int shedding_level = 0;
};

} // namespace busbar::control
