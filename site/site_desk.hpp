#pragma once
// What a site's actor, or its model, works on: the image, the planner and the newest plan, between
// the parts that fill the image (`site_watches`) and those that publish what came of it
// (`site_records`). Pure (no CAF): it is fed reports, and its answers are carried away.

#include "control/image.hpp"
#include "control/limits/violation_changes.hpp"
#include "control/metering/line_witness.hpp"
#include "control/plan.hpp"
#include "control/planner.hpp"
#include "control/sessions/departure_forecast.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"
#include "site/bay_report.hpp"
#include "site/checkpoint.hpp"
#include "site/decision_log.hpp"
#include "site/left_behind.hpp"
#include "site/meter_watch.hpp"
#include "site/node_flows.hpp"
#include "site/operator_orders.hpp"
#include "site/phase_orders.hpp"
#include "site/plan_orders.hpp"
#include "site/shedding_watch.hpp"
#include "site/site_events.hpp"
#include "site/site_layout.hpp"
#include "site/site_mode.hpp"
#include "site/snapshot.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::site {

/// What is known beside the bays' rows, on its way into the image.
struct site_watches {
  site_watches(const std::shared_ptr<const site_layout>& layout,
               const control::safety::breaker_settings& guards);

  meter_watch meters;
  node_flows flows;
  left_behind left;
  operator_orders orders;
  site_mode mode;
  shedding_watch shedding;
  control::metering::line_witness lines;

  /// KEEP-3: what decides later, but for orders and what is left behind: the state has these.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.meters, self.flows, self.mode, self.shedding, self.lines);
  }
};

/// What comes of a plan, for the log and for people.
struct site_records {
  explicit site_records(const std::shared_ptr<const site_layout>& layout);

  checkpoint state;
  decision_log decisions;
  snapshot views;
  control::limits::violation_follower violations;
  control::sessions::departure_forecast departures;
  site_events events;

  /// KEEP-3: what was published already, and what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.violations, self.departures);
  }
};

class site_desk {
public:
  /// `guards`: of the breakers of the service, transformers and feeders.
  explicit site_desk(std::shared_ptr<const site_layout> layout,
                     const control::safety::breaker_settings& guards = {});
  site_desk(const site_desk&) = delete;
  site_desk& operator=(const site_desk&) = delete;

  /// Copies a bay's rows into the image; keeps its memory and its view where the report has them.
  void take(const std::shared_ptr<const bay_report>& report);
  /// What a bay remembers, without its rows.
  void take_memory(const bay_report& report) {
    records_.state.take(report.bay, *report.memory);
  }
  /// What a predecessor knows of its nodes: what meters said, how warm they are; `nodes`: where
  /// they are here.
  void take_nodes(const site_desk& before,
                  const std::vector<std::optional<domain::node_index>>& nodes);
  /// REQUIRES: control::operators::check allowed it.
  void take(const domain::operator_order& order);
  /// Meters, sums of what connectors draw, and how branches stand go there.
  [[nodiscard]] meter_watch& meters() { return watches_.meters; }

  /// Makes the plan of `now`. The reference holds until the next one.
  const control::plan& decide(domain::instant now);
  /// The effects of the newest plan, grouped by bay; in the safe mode the fallbacks where they are
  /// due. Until the bays report again, what is raised by them counts as told.
  [[nodiscard]] std::shared_ptr<const plan_orders> orders(std::uint64_t tick, domain::instant now);
  /// Whether its plans are carried out, and why not (SAFE-1).
  [[nodiscard]] site_mode& mode() { return watches_.mode; }
  [[nodiscard]] const site_mode& mode() const { return watches_.mode; }

  /// The newest plan as a record: when it differs from the last one recorded or after `every`.
  [[nodiscard]] std::optional<domain::decision> decision(domain::epoch owner,
                                                         domain::seconds every);
  /// The site's state when something changed, every ten seconds and where it is claimed.
  [[nodiscard]] std::optional<domain::site_state> changelog(domain::epoch owner,
                                                            domain::instant now);
  /// The next call of `changelog` returns a state whatever has changed.
  void claim() { records_.state.claim(); }
  /// Everything people see, but for supervision.
  [[nodiscard]] domain::site_view view() const;
  /// All that happened since the last call: violations and shortfalls of the newest plan, what its
  /// parts tell, moves of the nodes' breakers.
  [[nodiscard]] std::vector<domain::event> take_events();

  void restore(const domain::site_state& state);
  /// Null before the first one.
  [[nodiscard]] const control::plan* plan() const { return plan_; }
  [[nodiscard]] const control::image& image() const { return image_; }

private:
  [[nodiscard]] std::shared_ptr<plan_orders> planned_orders(std::uint64_t tick,
                                                            domain::instant now);
  [[nodiscard]] safe_terms safe_terms_now() const {
    return {image_, watches_.orders, watches_.meters.uses()};
  }
  [[nodiscard]] kept_parts kept() {
    return {planner_, watches_.orders, watches_.shedding, watches_.flows, watches_.left};
  }

  std::shared_ptr<const site_layout> layout_;
  control::image image_;
  control::planner planner_;
  const control::plan* plan_ = nullptr;
  /// What a predecessor reserved with its last plan, and nothing else of it; null without one.
  std::unique_ptr<control::plan> of_before_;
  /// The newest of both; null without one.
  const control::plan* before_ = nullptr;
  std::uint64_t plan_number_ = 0;
  site_watches watches_;
  site_records records_;
  phase_orders phases_;
  /// By bay: that its newest report awaits the plan; true where none came since the last orders.
  std::vector<bool> awaits_;
};

} // namespace busbar::site
