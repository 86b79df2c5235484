#pragma once
// The conversation with one charge point: carries what `conversation` decides. Spawned and watched
// by its feeder; borrows its notebook from the site's context.

#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace busbar::actors {

struct station_config {
  std::shared_ptr<site_context> context;
  domain::station_index station;
  feeder_actor feeder;
};

/// errc::unknown_reference for a station that the site does not have.
[[nodiscard]] domain::result<void> validate(const station_config& config);

class station_shell {
public:
  static constexpr const char* name = "busbar.station";
  explicit station_shell(station_actor::pointer self) : self_(self) {}

  /// Ends the actor when its notebook is not free.
  station_actor::behavior_type make_behavior(station_config config);

private:
  void handle(const station_orders& orders);
  void handle(const station_notices& notices);
  void handle(const station_request& request);
  void handle(const fault_order& order);
  void handle(const profile_errand& errand);
  [[nodiscard]] conversation talk();
  void carry(station_effects effects, station_outcome& outcome);
  void publish_profiles();
  void answer(station_outcome outcome);

  station_actor::pointer self_;
  station_config config_;
  loan<notebook> book_;
};

/// REQUIRES: validate(config).
station_actor::behavior_type run_station(station_actor::stateful_pointer<station_shell> self,
                                         station_config config);

} // namespace busbar::actors
