#pragma once
// A simulated charge point as the body behind its OCPP. It gets no grant: all that holds it back
// are the charging profiles that came by OCPP (the simulator's own store), faults and its policy.

#include "adapters/ocpp/client/charge_point_body.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "simulator/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

/// Numbers what is done to a world, so that it is obeyed (OWN-1). Used by one thread.
class world_commands {
public:
  /// `world` outlives it.
  explicit world_commands(simulator::world& world) : world_(world) {}

  void give(domain::command told, domain::instant now);
  /// Every connector may draw its maximum for the next minute: profiles hold it back alone.
  void free_all(domain::instant now);
  [[nodiscard]] simulator::world& world() { return world_; }
  [[nodiscard]] domain::session_id next_session();

private:
  simulator::world& world_;
  domain::sequence number_ = 0;
  std::uint64_t sessions_ = 0;
};

class simulated_body : public adapters::ocpp::client::charge_point_body {
public:
  simulated_body(world_commands& commands, domain::station_index station);

  std::int32_t connectors() const override;
  bool is_dc(std::int32_t connector) const override;
  domain::reading sample(std::int32_t connector, domain::instant now) const override;
  bool has_session(std::int32_t connector) const override;
  std::string start(std::int32_t connector, const std::string& tag, domain::instant now) override;
  void stop(std::int32_t connector, domain::instant now) override;
  std::string set_profile(std::int32_t connector, const domain::charging_profile& profile,
                          domain::instant now) override;
  bool clear_profiles(const domain::profile_filter& filter, domain::instant now) override;
  control::smart_charging::composite_schedule
  compose(std::int32_t connector, domain::seconds duration, domain::rate_unit unit,
          domain::instant now) const override;
  void set_available(std::int32_t connector, bool is_available, domain::instant now) override;

  /// The session that began last on it.
  [[nodiscard]] const domain::session_id& session_of(std::int32_t connector) const {
    return sessions_[static_cast<std::size_t>(connector - 1)].id;
  }
  /// Neither faulted nor out of service, and without a session.
  [[nodiscard]] bool is_free(std::int32_t connector, domain::instant now) const;
  [[nodiscard]] const domain::connector& connector_data(std::int32_t connector) const;

private:
  struct open_session {
    domain::session_id id;
    domain::driver_id driver;
  };

  [[nodiscard]] domain::connector_index place_of(std::int32_t connector) const;
  [[nodiscard]] const simulator::outlet& outlet(std::int32_t connector) const;
  [[nodiscard]] const control::smart_charging::profile_store* store() const;
  [[nodiscard]] domain::command command(domain::command_kind kind, std::int32_t connector) const;

  world_commands& commands_;
  domain::station_index station_;
  std::vector<open_session> sessions_;
};

} // namespace busbar::apps
