#pragma once
// A run of the simulated yard under the model of a site, planned from the first second on.

#include "tests/simulator/example_site.hpp"
#include "tests/simulator/model_yard.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace busbar::tests {

struct planned_run : model_yard {
  planned_run(const std::string& file, simulator::world_settings settings, std::uint64_t seed)
      : planned_run(example_site(file), std::move(settings), seed) {}
  planned_run(std::shared_ptr<const domain::site> of, simulator::world_settings settings,
              std::uint64_t seed)
      : model_yard(std::move(of), std::move(settings), seed) {
    engine.begin_plans(at_second(0) + off_beat());
  }

  /// `OFF_BEAT_MS=500`: plans fall between the meter's samples.
  static std::chrono::milliseconds off_beat() {
    const char* by = std::getenv("OFF_BEAT_MS");
    return std::chrono::milliseconds{by == nullptr ? 0 : std::strtoll(by, nullptr, 10)};
  }
};

} // namespace busbar::tests
