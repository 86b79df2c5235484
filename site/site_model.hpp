#pragma once
// One site without actors: an input and the time in, effects out. The same parts that the site's
// actors own (connector tables, conversations, the site's desk), driven one after the other by one
// thread. The simulation, replays and tests run it; equal inputs give equal effects.
//
//   readings, answers, requests --> tables and stations --commands, sessions--> a plan at once
//   second_passed --> tables check their deadlines --> image --> plan --> stations --> one record

#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/operator_order.hpp"
#include "domain/request.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/site_view.hpp"
#include "domain/telemetry.hpp"
#include "site/batch_router.hpp"
#include "site/conversation.hpp"
#include "site/site_desk.hpp"
#include "site/site_recording.hpp"
#include "site/site_tables.hpp"
#include "site/station_work.hpp"
#include "site/table_settings.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace busbar::site {

/// A tick: deadlines, limits that move with time, a plan.
struct second_passed {
  bool operator==(const second_passed&) const = default;
};

/// Everything that a site takes. Profile errands and direct orders carry their own time.
using site_input =
    std::variant<second_passed, domain::telemetry_batch, domain::result_batch,
                 domain::driver_request, domain::operator_order, profile_errand, direct_order>;

/// What came of one input, each in the order in which it was decided.
struct site_effects {
  std::vector<domain::command_batch> commands;
  std::vector<domain::session_fact> facts;
  std::vector<domain::event> events;
  std::vector<domain::decision> decisions;
  /// To be kept; the newest counts.
  std::vector<domain::site_state> states;
  /// After a plan; null otherwise.
  std::shared_ptr<const domain::site_view> view;
  /// A station obeys what was not given here (OWN-1).
  bool obeys_another = false;
  /// errc::wrong_topology, errc::unknown_reference: of inputs that could not be taken.
  std::vector<domain::error> refused;
};

struct model_settings {
  table_settings table;
  control::safety::breaker_settings breaker;
  /// Decisions that do not differ are still recorded this often.
  domain::seconds decision_every{60};
  /// A view with every n-th plan; 0: never.
  std::uint32_t view_every = 1;
};

class site_model {
public:
  site_model(std::shared_ptr<const site_layout> layout, domain::epoch owner,
             model_settings settings = {});

  /// Takes back a predecessor's state of the same tree. Before any input.
  void restore(const domain::site_state& state);
  /// The state as it is now, whenever it was published last. REQUIRES: a plan was made.
  [[nodiscard]] domain::site_state checkpoint(domain::instant now);

  /// Hears every step and effect from now on. After `restore`, before any input.
  void record(std::shared_ptr<step_recorder> recorder, domain::instant now);

  /// The inputs of one moment, in their order, and at the end a plan where one of them needs it. A
  /// batch that is not of this site's tree, or that names places it does not have, is in `refused`
  /// and changes nothing. A request for a station that it does not have is denied.
  /// REQUIRES: `now` never goes back.
  [[nodiscard]] site_effects apply(std::span<const site_input> inputs, domain::instant now);
  [[nodiscard]] site_effects apply(const site_input& input, domain::instant now) {
    return apply(std::span{&input, 1}, now);
  }

  [[nodiscard]] const site_desk& desk() const { return desk_; }
  [[nodiscard]] const site_tables& tables() const { return tables_; }

private:
  using verdict = domain::result<void>;
  verdict take(const second_passed& input, domain::instant now);
  verdict take(const domain::telemetry_batch& batch, domain::instant now);
  verdict take(const domain::result_batch& batch, domain::instant now);
  verdict take(const domain::driver_request& request, domain::instant now);
  verdict take(const domain::operator_order& order, domain::instant now);
  template <class Work> verdict take(const Work& work, domain::instant now);

  template <class Work> void give(domain::station_index station, const Work& work);
  void tell(bay_index index);
  void plan(domain::instant now);
  void report(bay_index index, bool with_view);
  void order_bays();
  void publish();
  void publish_view();

  std::shared_ptr<const site_layout> layout_;
  model_settings settings_;
  site_tables tables_;
  site_desk desk_;
  site_effects effects_;
  std::vector<station_notice> notices_;
  std::vector<domain::command> commands_;
  std::vector<std::shared_ptr<const bay_report>> reports_;
  site_recording recording_;
  domain::instant now_{};
  std::uint64_t tick_ = 0;
  bool is_plan_wanted_ = false;
};

} // namespace busbar::site
