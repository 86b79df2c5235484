#pragma once
// What a world has to say after a step. Handed to the log by apps/fleet.

#include "domain/command_result.hpp"
#include "domain/event.hpp"
#include "domain/events/moment.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::simulator {

struct outputs {
  /// Absent when nothing was due.
  std::optional<domain::telemetry_batch> telemetry;
  std::vector<domain::result_batch> results;
  std::vector<domain::driver_request> requests;
  std::vector<domain::event> events;
};

/// Where the parts of one world note what happened at its present moment.
class narrator {
public:
  narrator(domain::site_id site, std::vector<domain::event>& events)
      : here_{std::move(site), {}}, events_(events) {}

  void begin(domain::instant now) { here_.at = now; }
  [[nodiscard]] const domain::events::moment& here() const { return here_; }
  void note(domain::event event) { events_.push_back(std::move(event)); }

private:
  domain::events::moment here_;
  std::vector<domain::event>& events_;
};

} // namespace busbar::simulator
