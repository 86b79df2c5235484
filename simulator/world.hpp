#pragma once
// The whole simulated world of one site: plant and drivers. Fed with commands and session facts,
// stepped in time, drained of what it has to say. Used by one thread.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/event.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "simulator/drivers.hpp"
#include "simulator/outputs.hpp"
#include "simulator/plant.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace busbar::simulator {

class world {
public:
  /// REQUIRES: a valid site (adapters/config), valid settings.
  world(std::shared_ptr<const domain::site> site, world_settings settings, std::uint64_t seed);
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  /// Lets time pass until `now` and gives what was due, answers to `apply` included. Steps of
  /// 0.1 to 1 s show the dynamics; `now` never goes back.
  outputs step(domain::instant now);
  /// Obeyed at once, at the time of the last step or `now`, whichever is later; answered by `step`.
  void apply(const domain::command_batch& commands, domain::instant now);
  void apply(const domain::session_fact& fact, domain::instant now);

  /// Goes on at a changed site file of the same site: what stays, stays as it is.
  void follow(std::shared_ptr<const domain::site> next, domain::instant now);

  [[nodiscard]] const domain::site& site() const { return *site_; }
  [[nodiscard]] const plant& yard() const { return yard_; }
  [[nodiscard]] std::size_t driver_count() const { return drivers_.size(); }

private:
  world(std::shared_ptr<const domain::site> site, world_settings settings, random_source random);
  void move_to(domain::instant now);

  std::shared_ptr<const domain::site> site_;
  plant yard_;
  drivers drivers_;
  std::vector<domain::event> events_;
  narrator story_;
  std::vector<domain::result_batch> results_;
  domain::instant now_{};
};

} // namespace busbar::simulator
