#pragma once
// Connector tables and stations driven by recorded steps: the part of `stepped_site` below the
// desk. A station does its pieces of work when its table takes what came of them, or when a step
// states that its actor had done them before it ended.

#include "site/bay_report.hpp"
#include "site/plan_orders.hpp"
#include "site/site_layout.hpp"
#include "site/site_step.hpp"
#include "site/site_tables.hpp"
#include "site/station_work.hpp"
#include "site/step_recorder.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <variant>
#include <vector>

namespace busbar::site {

/// The effects of one piece of a station's work, in the order in which they leave it.
void tell_effects(effect_listener& to, const station_result& result);

class stepped_stations {
public:
  explicit stepped_stations(const site_beginning& start);

  /// Effects go to `out` from here on.
  void tell_to(effect_listener& out) { out_ = &out; }
  void take(const step::readings& step);
  void take(const step::results& step);
  void take(const step::request& step);
  void take(const step::direct& step);
  void take(const step::errand& step);
  void take(const step::outcome& step);
  void take(const step::check& step);
  void take(const step::station_actor& step);
  void take(const step::bay_begun& step);
  void take(const step::safe_order& step);
  /// A table takes its orders of a plan.
  void order(bay_index bay, const plan_orders& plan);
  /// The same in the safe mode: `step::safe_order` follows for each of them.
  void order_safely(bay_index bay, const plan_orders& plan);

  [[nodiscard]] site_tables& tables() { return tables_; }
  [[nodiscard]] const site_tables& tables() const { return tables_; }
  /// Steps that take what no step before them hands over.
  [[nodiscard]] std::uint64_t strays() const { return strays_; }

private:
  using work_piece = std::variant<station_orders, station_notices, station_request, direct_order,
                                  profile_errand>;
  struct station_line {
    /// Sent to its actor, the oldest first.
    std::deque<work_piece> sent;
    /// Done by an actor that has ended, and on its way to the table.
    std::deque<station_outcome> answered;
    std::uint64_t pieces_done = 0;
    bool has_actor = true;
    /// The feeder that it answered to has ended.
    bool is_orphan = false;
  };
  void tell(bay_index bay);
  void lose_answers(bay_index bay);
  station_outcome work(domain::station_index station);
  /// The pieces that its actor had done when it ended; it lost the others.
  void catch_up(domain::station_index station, std::uint64_t pieces_done);

  std::shared_ptr<const site_layout> layout_;
  site_tables tables_;
  std::vector<station_line> stations_;
  std::vector<station_notice> notices_;
  /// Of a bay in the safe mode, those that are next.
  std::deque<station_order> safe_;
  std::uint64_t strays_ = 0;
  effect_listener* out_ = nullptr;
};

} // namespace busbar::site
