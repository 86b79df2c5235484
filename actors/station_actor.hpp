#pragma once
// The conversation with one charge point: carries what its part of the model
// (`station_part`) decides. Spawned and watched by its feeder; borrows its notebook from the
// site's context, and takes a turn with it for each message. Between its messages its feeder may
// take one for the orders of a plan (docs/adr/0018).

#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"
#include "site/station_part.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <optional>

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
  /// What came of it, published; nothing of a test's fault. The notebook is free again then.
  [[nodiscard]] std::optional<station_outcome> outcome_of(const station_work& work);
  template <class Work> std::optional<station_outcome> handle(const Work& work) {
    return carry(part().take(work));
  }
  std::optional<station_outcome> handle(const station_notices& work) {
    count_notices(work);
    return carry(part().take(work));
  }
  std::optional<station_outcome> handle(const test_fault& fault);
  void count_notices(const station_notices& work) const;
  [[nodiscard]] site::station_part part();
  station_outcome carry(site::station_result result);

  station_actor::pointer self_;
  station_config config_;
  loan<notebook> book_;
};

/// Ends the actor when its notebook is not free. REQUIRES: validate(config).
station_actor::behavior_type run_station(station_actor::pointer self, station_config config);

} // namespace busbar::actors
