#pragma once
// What a site actor works on: the image, the planner, the newest plan, what was published and what
// must be remembered. Pure (no CAF): the site actor feeds it reports and carries its answers away.

#include "control/image.hpp"
#include "control/limits/imbalance.hpp"
#include "control/limits/live_limits.hpp"
#include "control/limits/supply_quality.hpp"
#include "control/limits/unmanaged_count.hpp"
#include "control/limits/violation_changes.hpp"
#include "control/metering/line_witness.hpp"
#include "control/metering/unmanaged_load.hpp"
#include "control/operators/order_book.hpp"
#include "control/operators/order_limits.hpp"
#include "control/plan.hpp"
#include "control/planner.hpp"
#include "control/safety/input_watch.hpp"
#include "control/safety/load_shedding.hpp"
#include "control/safety/unexplained_load.hpp"
#include "control/sessions/departure_forecast.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"
#include "site/bay.hpp"
#include "site/node_guards.hpp"
#include "site/site_layout.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace busbar::site {

class site_desk {
public:
  /// `guards`: of the breakers of the service, transformers and feeders.
  explicit site_desk(std::shared_ptr<const site_layout> layout,
                     const control::safety::breaker_settings& guards = {});

  /// Copies a bay's rows into the image; keeps its memory and its view where the report has them.
  void take(const std::shared_ptr<const bay_report>& report);
  /// The oldest of the newest samples of meters that are not stale; the end of time without any.
  [[nodiscard]] domain::instant sampled_at(domain::instant now) const;
  /// What a bay remembers, without its rows.
  void take_memory(const bay_report& report) { memories_[report.bay] = *report.memory; }
  /// What a predecessor knows of its nodes: what meters said, how warm they are; `nodes`: where
  /// they are here.
  void take_nodes(const site_desk& before,
                  const std::vector<std::optional<domain::node_index>>& nodes);
  /// How a branch stands with its parent, as of this tick.
  void take(branch_index branch, bool is_overdue) { node_guards_.take(branch, is_overdue); }
  void take(const domain::meter_reading& meter, domain::instant received_at);
  void take(const std::vector<node_sum>& sums);

  /// REQUIRES: control::operators::check allowed it.
  void take(const domain::operator_order& order);
  /// What the order was, for people and audits.
  [[nodiscard]] domain::event event_of(const domain::operator_order& order,
                                       const domain::cause& by, domain::instant now) const;

  /// Makes the plan of `now`. The reference holds until the next one.
  const control::plan& decide(domain::instant now);
  /// The effects of the newest plan, grouped by bay. Until the bays report again, what is raised
  /// by them counts as told.
  [[nodiscard]] std::shared_ptr<const plan_orders> orders(std::uint64_t tick, domain::instant now);
  /// Of grants while an order stands that fallbacks would exceed: a station that falls silent is
  /// not long above it (LIM-7). Absent: the site's lease.
  [[nodiscard]] std::optional<domain::seconds> short_lease(domain::instant now) const;
  /// No reading of any connector for too many cycles: the plan is not carried out, every station is
  /// told its fallback (SAFE-1).
  [[nodiscard]] bool has_lost_input() const {
    return input_.mode() == control::safety::site_mode::safe;
  }
  /// Every connector to its fallback, none raised: a site in its safe mode.
  [[nodiscard]] std::shared_ptr<const plan_orders> safe_orders(std::uint64_t tick,
                                                               domain::instant now) const;

  /// The newest plan as a record: when it differs from the last one recorded or after `every`.
  [[nodiscard]] std::optional<domain::decision> decision(domain::epoch owner,
                                                         domain::seconds every);
  /// The site's state when something changed, at most once a second.
  [[nodiscard]] std::optional<domain::site_state> changelog(domain::epoch owner,
                                                            domain::instant now);
  /// The next call of `changelog` returns a state whatever has changed.
  void claim() {
    is_changed_ = true;
    changelog_at_ = {};
  }
  /// Everything people see, but for mode and supervision.
  [[nodiscard]] domain::site_view view() const;
  /// Null before the first one.
  [[nodiscard]] const control::plan* plan() const { return plan_; }
  [[nodiscard]] std::uint64_t plan_number() const { return plan_number_; }
  /// Violations of the newest plan that the one before did not have, and those that ended.
  [[nodiscard]] std::vector<domain::event> violation_events();
  /// Moves of the nodes' breakers since the last call.
  [[nodiscard]] std::vector<domain::event> guard_events() { return node_guards_.take_events(); }
  /// Moves of load shedding and of the input watch since the last call.
  [[nodiscard]] std::vector<domain::event> safety_events();

  /// Sessions that will miss what they want from the newest plan on, and those that will no more.
  [[nodiscard]] std::vector<domain::event> shortfall_events() const;

  void restore(const domain::site_state& state);
  [[nodiscard]] const control::image& image() const { return image_; }

private:
  [[nodiscard]] std::shared_ptr<const plan_orders> lost_input_orders(std::uint64_t tick,
                                                                     domain::instant now);
  void order_phases(std::vector<plan_order>& out);
  void estimate_unmanaged(domain::instant now);
  void add_unreserved(std::size_t node, domain::per_line<domain::milliamperes>& sure) const;
  /// At the node's voltage, rounded up.
  [[nodiscard]] domain::watts power_of(const domain::per_line<domain::milliamperes>& load,
                                       std::size_t node) const;
  void say_lost_meters(domain::instant now);
  void say_meter_clock(domain::node_index node);
  void apply_orders(domain::instant now);
  [[nodiscard]] std::optional<domain::millivolts>
  output_voltage(domain::connector_index connector) const;
  /// Whoever falls back would exceed an order that is in force or about to be.
  [[nodiscard]] bool has_order_below_fallbacks(domain::instant now) const;
  /// By connector: what is told in the safe mode.
  [[nodiscard]] std::vector<domain::milliamperes> safe_currents() const;
  void hold_to_orders(std::vector<domain::milliamperes>& currents) const;
  void end_exports();
  void restore_orders(const domain::site_state& state);
  void restore_nodes(const domain::site_state& state);
  void add_tree(domain::site_state& state);
  void watch_left(domain::instant now);
  void add_left(domain::site_view& view) const;
  void work_out_orders();
  void add_profiles(domain::site_state& state);
  void limit_nodes(domain::instant now);
  void balance_nodes();
  void watch_quality(domain::instant now);
  [[nodiscard]] control::limits::supply_sample supply_of(domain::node_index node,
                                                         domain::instant now) const;
  [[nodiscard]] std::vector<domain::violation> violations() const;
  void shed(domain::instant now);
  void watch_input(domain::instant now);
  [[nodiscard]] control::limits::node_flow flow_of(domain::node_index node,
                                                   domain::instant now) const;
  [[nodiscard]] bool is_heard(domain::node_index node, domain::instant now) const;
  [[nodiscard]] domain::shedding_view shedding_view() const;
  /// At this site, as its image is.
  [[nodiscard]] domain::events::moment here() const { return {layout_->site->id, image_.now}; }
  void add_forecasts(domain::site_view& view) const;
  [[nodiscard]] domain::node_view node_view_of(domain::node_index node) const;
  [[nodiscard]] bool differs_from_recorded() const;

  std::shared_ptr<const site_layout> layout_;
  control::image image_;
  control::planner planner_;
  const control::plan* plan_ = nullptr;
  std::uint64_t plan_number_ = 0;
  /// By node.
  std::vector<control::metering::unmanaged_load> meters_;
  std::vector<control::metering::managed_load> managed_;
  std::vector<domain::watts> managed_power_;
  node_guards node_guards_;
  control::limits::unmanaged_count unmanaged_;
  /// By node, of the newest tick; of nodes with a meter, since when it is lost, and whether that is
  /// said.
  std::span<const control::limits::unmanaged_use> uses_;
  struct meter_loss {
    std::optional<domain::instant> since;
    bool was_known = false;
    bool is_said = false;
  };
  std::vector<meter_loss> losses_;
  control::operators::order_book orders_;
  /// By node constraint in `orders_`: what it leaves. Worked out when orders change.
  std::vector<control::order_limit> order_limits_;
  std::vector<control::limits::node_voltage> voltages_;
  control::limits::live_limits live_limits_;
  control::limits::supply_quality quality_;
  /// QUAL-1, of the newest tick.
  std::vector<domain::violation> quality_violations_;
  /// By node, of the newest tick.
  std::vector<control::limits::node_flow> flows_;
  /// What connectors draw that do not load all lines alike.
  std::vector<domain::per_line<domain::milliamperes>> unbalanced_;
  /// By connector: the lines that it was ordered to use in this episode; 0: none. Empty where
  /// nobody can switch.
  std::vector<std::uint8_t> phases_ordered_;
  std::vector<plan_order> phase_orders_;
  bool watches_balance_ = false;
  control::safety::unexplained_load unexplained_;
  control::metering::line_witness line_witness_;
  std::optional<control::safety::site_load> load_;
  control::safety::load_shedding shedding_;
  std::optional<control::safety::shedding_change> shed_change_;
  control::safety::input_watch input_;
  bool has_been_heard_ = false;
  domain::instant told_safe_at_{};
  std::vector<domain::event> safety_events_;
  /// By bay: whether any connector was heard at its newest report, its newest view, what it
  /// remembers. No report is kept: its memory is its feeder's again.
  std::vector<bool> are_heard_;
  /// By bay: that its newest report awaits the plan; true where none came since the last orders.
  std::vector<bool> awaits_;
  std::vector<std::shared_ptr<const bay_view>> views_;
  std::vector<bay_memory> memories_;
  bool is_changed_ = false;
  domain::instant changelog_at_{};
  std::uint32_t profiles_left_out_ = 0;
  /// What the image counts of a tree before, and until when.
  std::vector<domain::left_load> left_behind_;
  bool is_tree_said_ = false;
  domain::instant left_until_{};
  domain::instant decision_at_{};
  std::vector<domain::decided_grant> recorded_grants_;
  std::vector<domain::decided_limit> recorded_limits_;
  control::limits::violation_follower followed_violations_;
  control::sessions::departure_forecast forecast_;
};

} // namespace busbar::site
