#pragma once
// The circuit breakers of a site's feeders, panels, transformers and of its service: one each,
// around what the node depends on, which is its meter where it has one, its branches' reports, and
// its stations' readings and answers. A tick asks each once: a call succeeds where the meter is
// fresh, every branch below has reported in time, and at least one station is heard and answers
// (asked from the first time on that one did).
//
// While one is not closed: its meter counts as lost (LIM-3), however fresh, where the meter was
// what failed (but not the service's: that one is the site's own, and is believed at once);
// connectors below that were not reported in this tick count as unreachable. It never makes
// anything known.

#include "control/image.hpp"
#include "control/metering/unmanaged_load.hpp"
#include "control/safety/breaker.hpp"
#include "domain/site_view.hpp"
#include "site/site_layout.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::site {

class node_guards {
public:
  node_guards(std::shared_ptr<const site_layout> layout,
              const control::safety::breaker_settings& settings);

  /// How a branch stands with its parent, as of this tick; one that nothing is said about is not
  /// asked for.
  void take(branch_index branch, bool is_overdue);
  /// A bay has reported: whether any of its stations is heard and answers.
  void take_bay(bay_index bay, bool has_answering_station);
  /// Once for each plan, after the meters' estimates stand in `image`. `meters` is by node. Plans
  /// within the same tick do not ask again.
  void ask(const std::vector<control::metering::unmanaged_load>& meters, domain::instant now,
           control::image& image);
  /// Whether the node's meter counts as lost whatever it says.
  [[nodiscard]] bool distrusts(domain::node_index node) const;
  [[nodiscard]] std::vector<domain::breaker_view> views() const;
  /// The moves since the last call: "breaker_opened" and "breaker_moved".
  [[nodiscard]] std::vector<domain::event> take_events();

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit.rows(self.guards_);
    visit.rows(self.standings_);
    visit.rows(self.bays_);
  }

private:
  struct guard {
    domain::node_index node;
    /// Absent: the service's.
    std::optional<branch_index> branch;
    bool has_meter = false;
    control::safety::breaker_settings settings;
    /// The meter was among what failed since it was closed.
    bool has_meter_failed = false;
    control::safety::breaker calls;
    domain::instant asked_at{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.has_meter_failed, self.calls, self.asked_at);
    }
  };
  struct bay_state {
    bool has_reported = false;
    bool is_answering = false;
    /// A station has been heard and has answered once.
    bool is_expected = false;
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.has_reported, self.is_answering, self.is_expected);
    }
  };
  enum class standing : std::uint8_t { unknown, reports, overdue };

  void add_guards(const control::safety::breaker_settings& settings);
  [[nodiscard]] bool is_open(const guard& own) const;
  [[nodiscard]] bool counts_meter(const guard& own) const;
  [[nodiscard]] const std::vector<branch_index>& below(const guard& own) const;
  /// Absent: nothing is known of it in this tick.
  [[nodiscard]] std::optional<bool> do_children_answer(const guard& own) const;
  void ask(guard& own, bool is_fresh, domain::instant now);
  void distrust_unreported(control::image& image) const;
  [[nodiscard]] bool is_below_open(branch_index branch) const;
  void say(const guard& own, const control::safety::breaker_change& change);
  [[nodiscard]] std::string name_of(const guard& own) const;

  std::shared_ptr<const site_layout> layout_;
  /// Of the branches in their order, then the service's.
  std::vector<guard> guards_;
  std::vector<standing> standings_;
  std::vector<bay_state> bays_;
  std::vector<domain::event> events_;
};

} // namespace busbar::site
