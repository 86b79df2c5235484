#pragma once
// The whole tree of actors in the loop with a simulated yard, in virtual time, watched by the
// simulator's auditor.

#include "simulator/auditor.hpp"
#include "simulator/world.hpp"
#include "tests/actors/engine_bench.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace busbar::tests {

class yard_bench : public engine_bench {
public:
  yard_bench(std::shared_ptr<const domain::site> site, simulator::world_settings settings,
             std::uint64_t seed);

  /// The yard moves and is looked at each 100 ms.
  void pass(int seconds);

  simulator::auditor watch;
  /// Falsifies what stations report, on its way; may be empty.
  std::function<void(domain::telemetry_batch&)> twist;

private:
  bool answer() override;
  void step();
  void send_results(const domain::result_batch& batch);

  simulator::world yard_;
  std::size_t batches_seen_ = 0;
  std::size_t facts_seen_ = 0;
};

} // namespace busbar::tests
