#pragma once
// Everything on a site that has a wire: charge points, their monitors, the meters, and the trouble
// they get into. Takes commands, gives telemetry. Knows nothing of drivers.

#include "control/carry_over/place_match.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "simulator/charge_point.hpp"
#include "simulator/faults.hpp"
#include "simulator/meter.hpp"
#include "simulator/monitor.hpp"
#include "simulator/outputs.hpp"
#include "simulator/random.hpp"
#include "simulator/settings.hpp"
#include "simulator/wiring.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::simulator {

class plant {
public:
  plant(std::shared_ptr<const domain::site> site, const world_settings& settings,
        random_source random);

  [[nodiscard]] const domain::site& site() const { return *site_; }
  [[nodiscard]] const std::vector<charge_point>& points() const { return points_; }
  [[nodiscard]] outlet& at(domain::connector_index connector);
  [[nodiscard]] const outlet& at(domain::connector_index connector) const;
  [[nodiscard]] const meters& node_meters() const { return meters_; }
  /// What flows at this moment.
  [[nodiscard]] std::vector<node_flow> flows() const;

  /// Goes on at a changed site: points of the same ids and lines stay as they are, with their
  /// vehicles; the others are new and empty.
  void follow(std::shared_ptr<const domain::site> next,
              const control::carry_over::place_match& places, domain::instant now,
              narrator& story);
  /// Obeys or refuses each command; a silent point answers nothing. Batches for another topology or
  /// of an older epoch than one seen are refused whole (OWN-1).
  domain::result_batch obey(const domain::command_batch& batch, domain::instant now,
                            narrator& story);
  /// Lets time pass and samples what is due.
  std::optional<domain::telemetry_batch> step(domain::instant now, narrator& story);
  /// Sessions that points have ended by themselves since the last call.
  std::vector<local_stop> take_stops() { return std::exchange(stops_, {}); }

private:
  struct reporting {
    domain::instant next{};
    domain::connector_state reported = domain::connector_state::unspecified;
  };

  [[nodiscard]] charge_point& owner_of(domain::connector_index connector);
  [[nodiscard]] std::string refusal_of(const domain::command_batch& batch) const;
  domain::command_result simulate_fault(const domain::command& told, domain::instant now,
                                        narrator& story);
  void take(const station_quirk& quirk, domain::station_index station);
  void take_quirks(domain::station_index station);
  /// REQUIRES: the points before it stand.
  void add_point(domain::station_index station);
  void begin_monitoring(domain::station_index station, domain::instant first_check,
                        narrator& story);
  void follow_reports(const control::carry_over::place_match& places, std::size_t count);
  void begin_fault(const planned_fault& fault, narrator& story);
  void advance(domain::instant now, narrator& story);
  void sample_outlets(domain::telemetry_batch& batch, domain::instant now, narrator& story);
  void say_state(domain::station_index station, domain::connector_state from,
                 domain::connector_state to, narrator& story) const;
  void say_verdict(std::size_t station, const domain::health_report& verdict, narrator& story);
  void check_health(domain::telemetry_batch& batch, domain::instant now, narrator& story);

  std::shared_ptr<const domain::site> site_;
  world_settings settings_;
  std::vector<charge_point> points_;
  /// By station.
  std::vector<domain::microseconds> clocks_ahead_;
  std::vector<monitor> monitors_;
  std::vector<std::uint16_t> failures_;
  /// Checks passed in a row.
  std::vector<std::size_t> passed_;
  std::vector<reporting> reports_;
  meters meters_;
  fault_injector injector_;
  domain::instant next_meters_{};
  domain::epoch newest_owner_ = 0;
  std::uint64_t batch_number_ = 0;
  bool has_begun_ = false;
  std::vector<local_stop> stops_;
};

} // namespace busbar::simulator
