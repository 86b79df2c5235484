#pragma once
// What the engine remembers of one station's charging profiles: the orders on their way, what the
// station has accepted (the same store as the station's own), and what the profiles held back.
// Kept by the station's conversation, made with its first order. A plain value: a copy is a
// snapshot for the API.

#include "control/smart_charging/session_profiles.hpp"
#include "control/smart_charging/stack_view.hpp"
#include "domain/charging_profile.hpp"
#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <vector>

namespace busbar::control::smart_charging {

class profile_book {
public:
  /// Orders that may wait for an answer.
  static constexpr std::size_t pending_max = 32;

  explicit profile_book(station_settings settings);

  // Places are those of the station's connectors, from 0.

  /// A command about profiles went out. REQUIRES: pending() < pending_max.
  void sent(std::size_t place, const domain::command& command);
  /// An answer; true where it is one to such a command. What is accepted is kept.
  bool answered(std::size_t place, const domain::command_result& answer);
  /// No answer came in time to `number` nor to what was sent before it: how many orders are given
  /// up. What the station did with them is not known.
  std::size_t give_up(std::size_t place, domain::sequence number);
  void follow(std::size_t place, const domain::session_id& session, domain::instant began) {
    kept_.follow(static_cast<std::int32_t>(place + 1), session, began);
  }
  /// What the connector may draw by its grant.
  void granted(std::size_t place, domain::milliamperes current);
  /// What it draws; since the last measurement (60 s at most) a profile has held back the
  /// difference between grant and limit, where the vehicle draws at least nine tenths of the limit.
  void measured(std::size_t place, domain::watts drawn, domain::instant now);

  /// Takes back the memory of a store (`store().memory()`), as `session_profiles::restore` does.
  /// Orders on their way and what was held back are not part of it.
  [[nodiscard]] bool restore(const std::vector<std::uint8_t>& memory,
                             const std::vector<domain::session_id>& sessions) {
    return kept_.restore(memory, sessions);
  }

  [[nodiscard]] const profile_store& store() const { return kept_.store(); }
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }
  /// Energy and time that each installed profile held back on a connector since it was installed,
  /// by profile id.
  [[nodiscard]] std::vector<held_back> effect_on(std::size_t place) const;

private:
  struct order_on_its_way {
    std::size_t place = 0;
    domain::sequence number = 0;
    domain::command_kind kind = domain::command_kind::unspecified;
    domain::shared_profile_order order;
  };
  struct connector_record {
    domain::milliamperes granted{};
    domain::instant measured_at{};
    /// Lines that its vehicle was last seen to use.
    std::uint8_t lines = 1;
    /// In the order of profile ids.
    std::vector<held_amount> held;
  };

  void keep(const order_on_its_way& order, domain::instant now);
  void forget_cleared();

  session_profiles kept_;
  std::vector<order_on_its_way> pending_;
  std::vector<connector_record> connectors_;
};

} // namespace busbar::control::smart_charging
