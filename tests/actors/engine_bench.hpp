#pragma once
// A whole engine node on CAF's test coordinator: one message at a time, virtual time, no threads.
// Stations answer commands as `stations` says; messages can be delivered in a seeded random order;
// an actor can be held (it gets no time, as if it hung).

#include "actors/node_keeper.hpp"
#include "tests/actors/recording_outbox.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace busbar::tests {

class engine_bench {
public:
  explicit engine_bench(std::shared_ptr<const domain::site> site,
                        actors::site_settings settings = {},
                        const domain::site_state* remembered = nullptr);
  virtual ~engine_bench();

  /// From now on the next job is drawn at random.
  void shuffle(std::uint64_t seed) { chance_.emplace(seed); }
  /// Runs until nobody has a message; answers commands on the way.
  void run();
  /// 100 pulses of 10 ms each, everything run between them.
  void seconds(int count);

  /// A reading of every connector whose state was set, at `now`, then run.
  void read();
  void set(const std::string& station, domain::connector_state state, std::int32_t ma = 0);
  /// The energy register of its first connector, which counts on from there.
  void count_from(const std::string& station, std::int64_t register_wh);
  /// State of charge of the vehicle at its first connector, from now on.
  void charge(const std::string& station, std::optional<domain::permille> soc);
  void health(const std::string& station, bool is_healthy, std::uint16_t failures);
  void meter(const std::string& node, std::int32_t ma);
  void ask(const std::string& driver, const std::string& station,
           domain::request_kind kind = domain::request_kind::start,
           std::optional<domain::watt_hours> energy = std::nullopt);
  /// Of the driver and the station that it names; its id, site and time are the bench's.
  void ask(domain::driver_request request);
  /// What the adapter of a connection says to the engine node.
  void tell(const actors::connection_report& report);
  /// Makes the actor of that name ("station:A", "feeder:f1", "site:garage") throw.
  void fault(const std::string& actor);
  void break_station(const std::string& station) { fault("station:" + station); }
  void break_feeder(site::bay_index bay);
  void break_site() { fault("site:" + site_->id.text()); }
  /// The site goes on under `next`; stations of the same ids stay as they are.
  void replace_site(std::shared_ptr<const domain::site> next);
  /// Several changes that come before the first one is in place.
  void replace_site_by_each(const std::vector<std::shared_ptr<const domain::site>>& next);
  /// The same as far as it is told to the engine node, which goes on with its next pulse.
  void begin_replacement(std::shared_ptr<const domain::site> next);
  /// 10 ms later: one pulse. `messages`: how many are delivered after it; absent: all.
  void beat(std::optional<int> messages = std::nullopt);
  /// What an operator orders in the site as it is then, as the engine takes it: without running.
  void order(const std::function<domain::operator_order(const domain::site&)>& order_in);
  /// The actor of that name gets no time until `release`.
  void hold(const std::string& actor);
  void hold_feeder(site::bay_index bay);
  void release() { held_.clear(); }
  /// That actors have handled so far.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

  [[nodiscard]] std::shared_ptr<const domain::site_view> view() const;
  [[nodiscard]] const domain::connector_view& connector(const std::string& station) const;
  [[nodiscard]] const domain::station_view& station(const std::string& station) const;
  [[nodiscard]] domain::milliamperes told(const std::string& station) const;
  [[nodiscard]] std::vector<ports::driver_view> drivers() const {
    return context_->views->drivers();
  }
  /// Of the node itself: drivers and protocol drivers.
  [[nodiscard]] std::vector<domain::watchdog_view> watchdogs() const {
    return context_->views->node_watchdogs();
  }
  [[nodiscard]] std::vector<domain::breaker_view> breakers() const {
    return context_->views->node_breakers();
  }
  [[nodiscard]] const ports::engine_counters& counters() const { return *context_->counters; }
  /// What people see of a station's charging profiles; null where there are none.
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(domain::station_index station) const {
    return context_->views->profiles(site_->id, station);
  }
  [[nodiscard]] actors::site_context& context() { return *context_; }
  [[nodiscard]] actors::node_context& node_terms() { return *node_context_; }

  /// Stations that do not answer commands.
  std::set<std::string> silent;
  /// Stations that refuse commands.
  std::set<std::string> refusing;
  recording_outbox& log;
  domain::instant now{std::chrono::seconds{1'700'000'000}};

protected:
  /// What the log has got since the last call reaches the stations; true when they answered.
  virtual bool answer();
  /// Sends a batch to the bays, as ingest does.
  void send_batch(domain::telemetry_batch batch);
  [[nodiscard]] actors::engine_node_actor node() const { return context_->routes->node(); }
  [[nodiscard]] const std::shared_ptr<const domain::site>& site() const { return site_; }

private:
  struct charge_point {
    domain::connector_state state = domain::connector_state::unspecified;
    std::int32_t ma = 0;
    std::int64_t register_wh = 1'000;
    domain::milliamperes told{};
    domain::sequence obeyed = 0;
    std::uint8_t lines = 3;
    std::optional<domain::permille> soc;
  };
  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };

  [[nodiscard]] std::string name_of(std::size_t connector) const;
  [[nodiscard]] std::uint32_t index_of(const std::string& station) const;
  [[nodiscard]] caf::scheduler::test_coordinator& scheduler();
  bool run_one();
  void put_replacement(std::shared_ptr<const domain::site> next);
  /// Stations of the same ids stay as they are.
  void follow(std::shared_ptr<const domain::site> next);

  std::shared_ptr<const domain::site> site_;
  std::shared_ptr<recording_outbox> outbox_;
  std::shared_ptr<actors::site_context> context_;
  std::shared_ptr<actors::node_context> node_context_;
  testing_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<actors::node_keeper> keeper_;
  std::vector<charge_point> stations_;
  std::optional<std::mt19937_64> chance_;
  std::set<caf::actor_id> held_;
  std::size_t answered_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t messages_ = 0;
};

} // namespace busbar::tests
