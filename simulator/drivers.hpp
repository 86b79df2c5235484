#pragma once
// All drivers of one site: when they come, where they ask, what they do with the answer.

#include "control/carry_over/place_match.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "simulator/driver.hpp"
#include "simulator/outputs.hpp"
#include "simulator/plant.hpp"
#include "simulator/random.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace busbar::simulator {

class drivers {
public:
  drivers(std::shared_ptr<const domain::site> site, const world_settings& settings,
          random_source random);

  /// Goes on at a changed site, which `yard` follows already. A driver whose outlet is gone, or
  /// empty, is not plugged in any more.
  void follow(std::shared_ptr<const domain::site> site,
              const control::carry_over::place_match& places, const plant& yard);
  /// Lets time pass; what drivers ask for is appended to `requests`.
  void step(domain::instant now, plant& yard, std::vector<domain::driver_request>& requests,
            narrator& story);
  /// What the engine tells drivers. Facts about strangers are ignored.
  void hear(const domain::session_fact& fact, domain::instant now, plant& yard, narrator& story);
  /// A point was commanded to serve a driver: that car is plugged in, a stranger's, too.
  void be_served(const domain::driver_id& who, domain::connector_index where,
                 const domain::session_id& session, domain::instant now, plant& yard);

  /// A point has ended a session by itself: its stop is asked for in the driver's name.
  void be_stopped(const local_stop& stop, domain::instant now);

  /// Visits that go on.
  [[nodiscard]] std::size_t size() const { return visits_.size(); }

private:
  /// Of one driver in the order in which they began.
  using visit_key = std::pair<domain::driver_id, std::uint64_t>;
  using visit = std::pair<const visit_key, driver>;

  struct regular {
    driver_profile profile;
    domain::instant asks_at;
  };

  struct parked {
    domain::connector_index connector;
    /// Stands plugged in until then, after the session is over.
    std::optional<domain::instant> unplugs_at;
  };

  void let_in_arrivals(domain::instant now);
  void let_in_regulars(domain::instant now);
  visit& begin(driver made);
  [[nodiscard]] const regular* regular_named(const domain::driver_id& name) const;
  [[nodiscard]] auto visits_of(const domain::driver_id& name);
  [[nodiscard]] visit* visit_with(const domain::session_fact& fact);
  [[nodiscard]] visit* visit_served(const domain::driver_id& who,
                                    const domain::station_id& station,
                                    const domain::session_id& session);
  [[nodiscard]] visit* free_visit(const domain::driver_id& name, domain::instant now);
  void move(visit& each, domain::instant now, plant& yard,
            std::vector<domain::driver_request>& requests, narrator& story);
  void ask(driver& who, domain::instant now, const plant& yard,
           std::vector<domain::driver_request>& requests, narrator& story);
  [[nodiscard]] std::optional<domain::station_index> named_place(const driver& who) const;
  [[nodiscard]] std::optional<domain::station_index> choose(const driver& who, const plant& yard);
  void be_accepted(visit& each, const domain::session_fact& fact, domain::instant now, plant& yard,
                   narrator& story);
  void be_told(driver& who, const domain::session_fact& fact, domain::instant now,
               narrator& story) const;
  void stop_stray(const domain::session_fact& fact, domain::instant now);
  void plug(visit& each, domain::connector_index where, plant& yard);
  void clear(domain::connector_index where, plant& yard);
  void unplug(const visit_key& who, plant& yard);
  void unplug_soon(const visit_key& who, domain::instant now);
  [[nodiscard]] domain::request_id next_request();

  std::shared_ptr<const domain::site> site_;
  world_settings settings_;
  random_source random_;
  std::vector<regular> regulars_;
  std::map<visit_key, driver> visits_;
  std::map<visit_key, parked> plugged_;
  std::vector<domain::driver_request> waiting_;
  std::set<domain::session_id> stopped_strays_;
  std::optional<domain::instant> began_;
  std::size_t next_arrival_ = 0;
  std::uint64_t request_count_ = 0;
  std::uint64_t visit_count_ = 0;
};

} // namespace busbar::simulator
