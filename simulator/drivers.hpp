#pragma once
// All drivers of one site: who comes when, where they ask, what they do with the answer.

#include "domain/conversation.hpp"
#include "simulator/driver.hpp"
#include "simulator/outputs.hpp"
#include "simulator/plant.hpp"
#include "simulator/random.hpp"
#include "simulator/settings.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace busbar::simulator {

class drivers {
public:
  drivers(std::shared_ptr<const domain::site> site, const world_settings& settings,
          random_source random);

  /// Lets time pass; what drivers ask for is appended to `requests`.
  void step(domain::instant now, plant& yard, std::vector<domain::driver_request>& requests,
            narrator& story);
  /// What the engine tells drivers. Facts about strangers are ignored.
  void hear(const domain::session_fact& fact, domain::instant now, plant& yard, narrator& story);
  /// A point was told to serve somebody: that car is plugged in, a stranger's, too.
  void be_served(const domain::driver_id& who, domain::connector_index where,
                 const domain::session_id& session, domain::instant now, plant& yard);

  [[nodiscard]] std::size_t size() const { return people_.size(); }

private:
  struct parked {
    domain::connector_index connector;
    /// Stands plugged in until then, after the session is over.
    std::optional<domain::instant> unplugs_at;
  };

  void let_in_arrivals(domain::instant now);
  void move(driver& who, domain::instant now, plant& yard,
            std::vector<domain::driver_request>& requests, narrator& story);
  void ask(driver& who, domain::instant now, const plant& yard,
           std::vector<domain::driver_request>& requests, narrator& story);
  [[nodiscard]] std::optional<domain::station_index> choose(const driver& who, const plant& yard);
  void be_accepted(driver& who, const domain::session_fact& fact, domain::instant now, plant& yard,
                   narrator& story);
  static void be_denied(driver& who, const domain::session_fact& fact, narrator& story);
  static void be_told(driver& who, const domain::session_fact& fact, domain::instant now,
                      const std::string& currency, narrator& story);
  void stop_stray(const driver& who, const domain::session_fact& fact, domain::instant now);
  void plug(driver& who, domain::connector_index where, plant& yard);
  void unplug(const domain::driver_id& who, plant& yard);
  void unplug_soon(const domain::driver_id& who, domain::instant now);
  [[nodiscard]] domain::request_id next_request();

  std::shared_ptr<const domain::site> site_;
  world_settings settings_;
  random_source random_;
  std::map<domain::driver_id, driver> people_;
  std::map<domain::driver_id, parked> plugged_;
  std::vector<domain::driver_request> waiting_;
  domain::session_id stopped_stray_;
  std::optional<domain::instant> began_;
  std::size_t next_arrival_ = 0;
  std::uint64_t request_count_ = 0;
};

} // namespace busbar::simulator
