#pragma once
// The newest frames of each station, in both directions, for people who look at its conversation.
// Not thread-safe.

#include "domain/time.hpp"
#include "ports/charge_points.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class frame_log {
public:
  /// Of one station: its older ones go.
  static constexpr std::size_t station_bytes_max = 262'144;
  /// Of all together: beyond it a station keeps its newest frame in the place of its older ones.
  static constexpr std::size_t all_bytes_max = 134'217'728;

  void keep(const std::string& identity, ports::charge_point_frame frame);
  /// Newest first, as they stand: secrets are blanked before they are shown.
  [[nodiscard]] std::vector<ports::charge_point_frame> of(const std::string& identity) const;
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

private:
  struct book {
    std::deque<ports::charge_point_frame> frames;
    std::size_t bytes = 0;
  };
  void forget_oldest(book& from);

  std::unordered_map<std::string, book> books_;
  std::size_t bytes_ = 0;
};

} // namespace busbar::adapters::ocpp::gateway
