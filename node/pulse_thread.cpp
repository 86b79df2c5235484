#include "node/pulse_thread.hpp"

#include <chrono>

namespace busbar::node {

namespace {

/// Tests only.
actors::test_fault never() { return {std::make_shared<std::atomic<bool>>(false)}; }

} // namespace

void pulse_thread::start(caf::actor_system& system) {
  keeper_ = std::make_unique<actors::node_keeper>(
      system, actors::engine_node_config{frame_.context, {}});
  thread_ = std::thread{[this] { loop(); }};
}

void pulse_thread::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
  if (keeper_) keeper_->stop();
}

void pulse_thread::loop() {
  constexpr std::chrono::milliseconds period{1'000 / actors::engine_node_shell::slices};
  auto next = std::chrono::steady_clock::now();
  const auto& hang = frame_.settings.test_hang;
  [[maybe_unused]] bool is_told = hang.empty();
  while (!shall_stop_.load(std::memory_order_relaxed)) {
    next += period;
    std::this_thread::sleep_until(next);
    keeper_->pulse(wall_clock());
    orders_.look();
    if (frame_.settings.on_pulse) frame_.settings.on_pulse();
    if constexpr (actors::has_test_doors)
      is_told = is_told || frame_.context->supervision->doors.send(hang, never());
  }
}

} // namespace busbar::node
