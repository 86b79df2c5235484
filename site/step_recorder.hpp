#pragma once
// Where the parts of a site put what they do and what comes of it. One for each site, shared by all
// actors that own its parts; each calls it while it handles a message and before it sends anything
// on, so that the order of the calls is one that causes allow (docs/adr/0017-record-and-replay.md).

#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "domain/time.hpp"
#include "site/site_layout.hpp"
#include "site/site_step.hpp"
#include "site/table_settings.hpp"

#include <memory>
#include <variant>
#include <vector>

namespace busbar::site {

/// The part that an effect comes from: the desk, a bay or a station.
struct desk_source {
  bool operator==(const desk_source&) const = default;
};
struct bay_source {
  bay_index bay = 0;
  bool operator==(const bay_source&) const = default;
};
using effect_source = std::variant<desk_source, bay_source, domain::station_index>;

/// Takes effects in the order in which their source makes them.
class effect_listener {
public:
  virtual ~effect_listener() = default;
  virtual void effect(effect_source from, const domain::command& command) = 0;
  virtual void effect(effect_source from, const domain::session_fact& fact) = 0;
  virtual void effect(effect_source from, const domain::event& event) = 0;
  virtual void effect(const domain::decision& decision) = 0;
  virtual void effect(const domain::site_state& state) = 0;
};

/// How the parts of a site begin.
struct site_beginning {
  std::shared_ptr<const site_layout> layout;
  domain::epoch owner = 0;
  table_settings table;
  control::safety::breaker_settings breaker;
  /// Decisions that do not differ are still recorded this often.
  domain::seconds decision_every{60};
  /// Null: nothing was restored.
  std::shared_ptr<const domain::site_state> restored;
  /// The first plan writes a state, whatever has changed.
  bool claims = false;
  /// False: the parts know more than `restored` says.
  bool is_exact = true;
  domain::instant now{};
};

/// By any thread.
class step_recorder : public effect_listener {
public:
  /// Before any step; again where a revision takes the place of a site.
  virtual void begin(const site_beginning& start) = 0;
  virtual void step(const site_step& step) = 0;
  /// The site goes to another engine node: nothing follows until it begins again.
  virtual void end() {}
};

} // namespace busbar::site
