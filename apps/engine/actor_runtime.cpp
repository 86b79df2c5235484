#include "apps/engine/actor_runtime.hpp"

#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scheduler/coordinator.hpp>
#include <caf/policy/work_sharing.hpp>

#include <algorithm>
#include <string>
#include <thread>

namespace busbar::apps {

actor_runtime::config::config(std::size_t threads) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", static_cast<std::uint64_t>(threads == 0 ? cores : threads));
}

actor_runtime::actor_runtime(std::size_t threads) : config_(threads), system_(config_) {}

domain::result<void> actor_runtime::check() const {
  using sharing = caf::scheduler::coordinator<caf::policy::work_sharing>;
  auto& scheduler = const_cast<caf::actor_system&>(system_).scheduler();
  if (dynamic_cast<sharing*>(&scheduler) == nullptr)
    return domain::error{domain::errc::conflict, "scheduler.policy: is not sharing"};
  const auto wanted = caf::get_or(config_, "scheduler.max-threads", std::uint64_t{0});
  if (scheduler.num_workers() != wanted)
    return domain::error{domain::errc::conflict,
                         "scheduler.max-threads: " + std::to_string(scheduler.num_workers()) +
                             " is not " + std::to_string(wanted)};
  return {};
}

} // namespace busbar::apps
