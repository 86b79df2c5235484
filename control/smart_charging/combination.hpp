#pragma once
// What is said at one instant, combined into one limit in one asked unit (3.13.4: the least of the
// station's maximum and the connector's profile).

#include "control/smart_charging/rate_math.hpp"
#include "control/smart_charging/speaker_stack.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::smart_charging {

using phase_count = std::optional<std::uint8_t>;

/// The fewer of the stated ones.
[[nodiscard]] phase_count fewer(phase_count one, phase_count other);

/// A limit in the scale of `rate_scale` and the phases that go with it.
struct verdict {
  /// Absent: nothing limits.
  std::optional<std::int64_t> scaled;
  phase_count phases;
  /// Whose limit it is; null: the station's own, or a total.
  const charging_profile* held_by = nullptr;
};

class combiner {
public:
  /// `settings` outlives it.
  combiner(const station_settings& settings, rate_unit asked);

  /// The phases that are stated, no more than the supply has.
  [[nodiscard]] phase_count phases_of(speech said) const;
  /// REQUIRES: said.period. `phases` absent: the supply's.
  [[nodiscard]] std::int64_t scaled(speech said, phase_count phases) const;
  /// One connector: the least of both and of its own limit over the fewest phases that either
  /// states; its own limit where neither speaks.
  [[nodiscard]] verdict of_connector(speech connector, speech station) const;
  /// The station's maximum alone; absent where it does not speak.
  [[nodiscard]] verdict of_station(speech station) const;
  /// No more than the connector's own limits leave on so many phases (absent: the supply's):
  /// `limit_a` on each of them, `limit_w` in total.
  [[nodiscard]] std::int64_t capped(std::int64_t scaled, phase_count phases) const;
  /// What a connector takes at most where nothing speaks.
  [[nodiscard]] std::optional<std::int64_t> own() const { return own_; }
  [[nodiscard]] std::uint8_t supply_phases() const { return settings_.phases; }
  [[nodiscard]] const rate_scale& scale() const { return scale_; }

private:
  [[nodiscard]] std::optional<std::int64_t> own_limit(rate_unit asked) const;

  const station_settings& settings_;
  rate_scale scale_;
  std::optional<std::int64_t> own_;
};

} // namespace busbar::control::smart_charging
