#include "node/health_board.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <utility>

namespace busbar::node {

using clock = std::chrono::steady_clock;

namespace {

domain::health_verdict answer_of(const domain::health_probe& probe) {
  try {
    return probe.ask();
  } catch (const std::exception& failure) {
    return {false, std::string{"failed: "} + failure.what()};
  }
}

domain::microseconds since(clock::time_point began) {
  return std::chrono::duration_cast<domain::microseconds>(clock::now() - began);
}

domain::error bad_probe(const domain::health_probe& probe, domain::errc code, const char* why) {
  return {code, "health check \"" + probe.name + "\": " + why};
}

} // namespace

struct health_board::check {
  domain::health_probe probe;
  std::chrono::milliseconds every{};
  std::thread thread;

  std::mutex guard;
  std::condition_variable changed;
  domain::health_verdict newest{true, "not asked yet"};
  domain::microseconds took{};
  bool is_asking = false;
  bool shall_stop = false;
  clock::time_point began;
};

domain::result<void> health_board::add(domain::health_probe probe) {
  const std::lock_guard lock{guard_};
  using domain::errc;
  const auto has_name = [&](const auto& other) { return other->probe.name == probe.name; };
  if (std::ranges::any_of(checks_, has_name))
    return bad_probe(probe, errc::duplicate, "is registered already");
  if (checks_.size() >= checks_max)
    return bad_probe(probe, errc::too_large, "at most 32 are registered");
  auto own = std::make_shared<check>();
  own->every = probe.every.value_or(every_);
  if (own->every.count() <= 0) return bad_probe(probe, errc::out_of_range, "its period is not > 0");
  if (probe.patience.count() <= 0)
    return bad_probe(probe, errc::out_of_range, "its patience is not > 0");
  own->probe = std::move(probe);
  own->thread = std::thread{[own] { run(own); }};
  checks_.push_back(std::move(own));
  return {};
}

void health_board::run(const std::shared_ptr<check>& own) {
  std::unique_lock lock{own->guard};
  while (!own->shall_stop) {
    own->is_asking = true;
    own->began = clock::now();
    lock.unlock();
    auto found = answer_of(own->probe);
    lock.lock();
    own->is_asking = false;
    own->newest = std::move(found);
    own->took = since(own->began);
    own->changed.notify_all();
    own->changed.wait_for(lock, own->every, [&] { return own->shall_stop; });
  }
}

std::vector<ports::health_check> health_board::results() const {
  const std::lock_guard all{guard_};
  std::vector<ports::health_check> found;
  for (const auto& own : checks_) {
    const std::lock_guard lock{own->guard};
    const auto& probe = own->probe;
    auto& told = found.emplace_back(ports::health_check{
        probe.name, probe.is_critical, own->newest.is_passing, own->newest.message, own->took});
    const auto waits = own->is_asking ? since(own->began) : own->took;
    if (waits <= probe.patience) continue;
    told.is_passing = false;
    told.took = waits;
    told.message = own->is_asking ? "has not answered yet" : "answered too late";
    told.message += " (it has " + std::to_string(probe.patience.count()) + " ms)";
  }
  return found;
}

void health_board::stop() {
  const std::lock_guard all{guard_};
  for (const auto& own : checks_) {
    const std::lock_guard lock{own->guard};
    own->shall_stop = true;
    own->changed.notify_all();
  }
  for (const auto& own : checks_) {
    if (!own->thread.joinable()) continue;
    std::unique_lock lock{own->guard};
    const bool is_done = own->changed.wait_for(lock, std::chrono::milliseconds{200},
                                               [&] { return !own->is_asking; });
    lock.unlock();
    if (is_done) own->thread.join();
    else own->thread.detach();
  }
  checks_.clear();
}

} // namespace busbar::node
