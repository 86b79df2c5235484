#pragma once
// The parts of a site driven by recorded steps, one after the other on one thread: every part does
// again what it did, with what the parts before it hand to it. Equal steps give equal effects,
// whatever drove the parts when they were recorded (actors or `site_model`).

#include "domain/ids.hpp"
#include "site/bay_report.hpp"
#include "site/plan_orders.hpp"
#include "site/site_desk.hpp"
#include "site/site_layout.hpp"
#include "site/site_step.hpp"
#include "site/site_tables.hpp"
#include "site/step_recorder.hpp"
#include "site/stepped_stations.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace busbar::site {

/// What the desk publishes after a plan, in the order in which it leaves it.
void tell_effects(effect_listener& to, site_desk& desk, domain::epoch owner,
                  domain::seconds decision_every, domain::instant now);

class stepped_site {
public:
  /// `before`: the site as it ended where this one is its revision and takes over from it.
  explicit stepped_site(const site_beginning& start, stepped_site* before = nullptr);

  /// REQUIRES: the step names places of this site.
  void take(const site_step& step, effect_listener& out);

  [[nodiscard]] const site_desk& desk() const { return desk_; }
  [[nodiscard]] const site_tables& tables() const { return stations_.tables(); }
  [[nodiscard]] const site_layout& layout() const { return *layout_; }
  /// Steps that take what no part handed over: of a record that is cut or that does not fit.
  [[nodiscard]] std::uint64_t strays() const { return strays_ + stations_.strays(); }

private:
  using report_pointer = std::shared_ptr<bay_report>;

  void take(const step::report& step);
  void take(const step::order& step);
  void take(const step::round& step);
  void take(const step::reported& step);
  void take(const step::meters& step);
  void take(const step::operators& step);
  void take(const step::decide& step);
  void take(const step::desk_begun& step);
  void take(const step::safe_orders& step);
  void take(const step::safe_bay& step);
  void spare_taken();

  std::shared_ptr<const site_layout> layout_;
  site_beginning start_;
  stepped_stations stations_;
  site_desk desk_;
  struct report_way {
    /// On their way to the desk, the oldest first.
    std::vector<report_pointer> sent;
    /// Taken; those that the desk reads no more are filled again.
    std::vector<report_pointer> spare;
    [[nodiscard]] report_pointer unused();
  };
  /// By bay.
  std::vector<report_way> reports_;
  /// What the desk has taken since its last plan.
  std::vector<std::shared_ptr<const bay_report>> taken_;
  /// By tick, of the newest ticks.
  std::map<std::uint64_t, domain::instant> sampled_;
  std::map<std::uint64_t, std::shared_ptr<const plan_orders>> plans_;
  /// The newest of the safe mode.
  std::shared_ptr<const plan_orders> safe_;
  std::uint64_t strays_ = 0;
  effect_listener* out_ = nullptr;
};

} // namespace busbar::site
