#include "simulator/world.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::simulator {

world::world(std::shared_ptr<const domain::site> site, world_settings settings, std::uint64_t seed)
    : world(std::move(site), std::move(settings), random_source{seed}) {}

world::world(std::shared_ptr<const domain::site> site, world_settings settings,
             random_source random)
    : site_(site), yard_(site, settings, random.fork()),
      drivers_(site, settings, random.fork()), story_(site->id, events_) {
  assert(validate(settings).empty());
}

void world::move_to(domain::instant now) {
  now_ = std::max(now_, now);
  story_.begin(now_);
}

outputs world::step(domain::instant now) {
  move_to(now);
  outputs out;
  drivers_.step(now_, yard_, out.requests, story_);
  out.telemetry = yard_.step(now_, story_);
  for (const auto& stop : yard_.take_stops()) drivers_.be_stopped(stop, now_);
  out.results = std::exchange(results_, {});
  out.events = std::exchange(events_, {});
  return out;
}

void world::apply(const domain::command_batch& commands, domain::instant now) {
  move_to(now);
  auto answers = yard_.obey(commands, now_, story_);
  for (const auto& answer : answers.results) {
    if (answer.answer != domain::outcome::accepted) continue;
    for (const auto& told : commands.commands)
      if (told.kind == domain::command_kind::start && told.connector == answer.connector &&
          told.number == answer.number)
        drivers_.be_served(told.driver, told.connector, told.session, now_, yard_);
  }
  if (!answers.results.empty()) results_.push_back(std::move(answers));
}

void world::follow(std::shared_ptr<const domain::site> next, domain::instant now) {
  move_to(now);
  const auto places =
      control::carry_over::match(control::carry_over::outline_of(*site_), *next);
  yard_.follow(next, places, now_, story_);
  drivers_.follow(next, places, yard_);
  site_ = std::move(next);
}

void world::apply(const domain::session_fact& fact, domain::instant now) {
  move_to(now);
  drivers_.hear(fact, now_, yard_, story_);
}

} // namespace busbar::simulator
