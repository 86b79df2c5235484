#pragma once
// The conversation with one charge point: carries what `conversation` decides. Spawned and watched
// by its feeder; borrows its notebook from the site's context.

#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace busbar::actors {

struct station_config {
  std::shared_ptr<site_context> context;
  domain::station_index station;
  feeder_actor feeder;
};

/// errc::unknown_reference for a station that the site does not have.
[[nodiscard]] domain::result<void> validate(const station_config& config);

/// What a station's actor does with its messages. Kept in the actor's behaviour, not in its block:
/// with a member more than CAF's own that block of 1,024 bytes takes 1,280 of the allocator.
class station_shell {
public:
  station_shell(station_actor::pointer self, station_config config);

  /// False: the notebook is not free, an actor before this one is still using it.
  [[nodiscard]] bool has_book() const { return static_cast<bool>(book_); }
  void operator()(const station_work& work);

private:
  void handle(const station_orders& orders);
  void handle(const station_notices& notices);
  void handle(const station_request& request);
  void handle(const direct_order& order);
  void handle(const profile_errand& errand);
  void handle(const test_fault& fault);
  [[nodiscard]] conversation talk();
  void carry(station_effects effects, station_outcome& outcome);
  void publish_profiles();
  void answer(station_outcome outcome);

  station_actor::pointer self_;
  station_config config_;
  loan<notebook> book_;
};

/// Ends the actor when its notebook is not free. REQUIRES: validate(config).
station_actor::behavior_type run_station(station_actor::pointer self, station_config config);

} // namespace busbar::actors
