#pragma once
// OCPP-11: the newest service orders of a gateway, what became of them, and what waits for that.
// Secrets in what is shown of them are blanked. Not thread-safe.

#include "adapters/ocpp/station/station_effects.hpp"
#include "ports/charge_points.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class order_book {
public:
  using listener = ports::charge_points::listener;

  /// Absent: all that may be kept wait for their stations.
  [[nodiscard]] std::optional<std::uint64_t> add(const ports::charge_point_order& wanted,
                                                 domain::instant now);
  /// What is final stays as it is. One that waits, and that has not been sent because its
  /// connection has ended or its station's queue is full, is parked again.
  void settle(const station::order_outcome& outcome, domain::instant now);
  /// It waits for its station. REQUIRES: pending.
  void park(std::uint64_t number);
  /// Parked orders whose time has come, of stations that are `ready` and those that do not wait, in
  /// their order: they are not parked any more.
  [[nodiscard]] std::vector<ports::charge_point_order>
  take_parked(const std::function<bool(const std::string& identity)>& ready, domain::instant now,
              std::vector<std::uint64_t>& numbers);
  /// True: it was parked, and is not any more.
  [[nodiscard]] bool unpark(std::uint64_t number);
  /// Pending orders whose deadline is over, with their stations: they have timed out.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>>
  take_overdue(domain::instant now);
  /// What a station reports of an order that it has accepted; nothing where none is meant.
  void note(const std::string& identity, const station::reported_progress& reported,
            domain::instant now);

  void await(std::uint64_t number, domain::instant until, listener told);
  /// Calls of listeners whose order is final, or whose time is over: to be made without a lock.
  [[nodiscard]] std::vector<std::function<void()>> take_due(domain::instant now);

  /// Null: not kept, or another station's.
  [[nodiscard]] const ports::order_standing* find(const std::string& identity,
                                                  std::uint64_t number) const;
  /// Null: not kept.
  [[nodiscard]] const ports::order_standing* find(std::uint64_t number) const;
  /// Newest first.
  [[nodiscard]] std::vector<ports::order_standing> of(const std::string& identity) const;

private:
  struct entry {
    ports::charge_point_order wanted;
    ports::order_standing standing;
    bool is_parked = false;
  };
  struct waiting {
    std::uint64_t number = 0;
    domain::instant until{};
    listener told;
  };
  [[nodiscard]] bool make_room();
  [[nodiscard]] entry* numbered(std::uint64_t number);

  /// By number.
  std::deque<entry> orders_;
  /// As many as requests of the API wait.
  std::vector<waiting> waiting_;
  std::uint64_t last_ = 0;
};

} // namespace busbar::adapters::ocpp::gateway
