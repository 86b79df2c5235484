#include "node/actor_runtime.hpp"

#include "node/frugal_sharing.hpp"

#include <caf/logger.hpp>

// A worker casts every job dynamically to tell CAF's log whose it is. That log is not compiled in
// (CAF_LOG_LEVEL is QUIET), and the cast costs a twentieth of a busy worker's time.
#undef CAF_PUSH_AID_FROM_PTR
#define CAF_PUSH_AID_FROM_PTR(some_ptr) CAF_VOID_STMT

#include <caf/scheduler/coordinator.hpp>

#include <algorithm>
#include <string>
#include <thread>

namespace busbar::node {

using scheduler_used = caf::scheduler::coordinator<frugal_sharing>;

actor_runtime::config::config(std::size_t threads) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  load<scheduler_used>();
  set("scheduler.max-threads", static_cast<std::uint64_t>(threads == 0 ? cores : threads));
}

actor_runtime::actor_runtime(std::size_t threads) : config_(threads), system_(config_) {}

domain::result<void> actor_runtime::check() const {
  auto& scheduler = const_cast<caf::actor_system&>(system_).scheduler();
  if (dynamic_cast<scheduler_used*>(&scheduler) == nullptr)
    return domain::error{domain::errc::conflict, "scheduler: is not Busbar's frugal sharing"};
  const auto wanted = caf::get_or(config_, "scheduler.max-threads", std::uint64_t{0});
  if (scheduler.num_workers() != wanted)
    return domain::error{domain::errc::conflict,
                         "scheduler.max-threads: " + std::to_string(scheduler.num_workers()) +
                             " is not " + std::to_string(wanted)};
  return {};
}

} // namespace busbar::node
