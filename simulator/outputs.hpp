#pragma once
// What a world has to say after a step. Handed to the log by apps/fleet.

#include "domain/command_result.hpp"
#include "domain/event.hpp"
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
      : site_(std::move(site)), events_(events) {}

  void begin(domain::instant now) { now_ = now; }
  void say(domain::speaker who, domain::severity how, std::string kind, std::string subject,
           std::string text) {
    events_.push_back({site_, now_, who, how, std::move(kind), std::move(subject),
                       std::move(text)});
  }

private:
  domain::site_id site_;
  domain::instant now_{};
  std::vector<domain::event>& events_;
};

} // namespace busbar::simulator
