#pragma once
// The fleet's side of a load test on a thread of its own, in an open loop: every site has its slot
// in each period, and what is sent late still carries the time at which it was due.

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "loadtest/latency_log.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace busbar::loadtest {

struct fleet_load {
  std::vector<std::shared_ptr<const domain::site>> sites;
  /// Readings of each connector per second. 0.1..10 as a period.
  domain::microseconds period = std::chrono::seconds{1};
  /// Each site's probe vehicle comes or goes once in this time.
  domain::microseconds toggle_every = std::chrono::seconds{5};
  std::uint64_t seed = 1;
};

/// Read by any thread while the fleet runs.
struct fleet_figures {
  std::atomic<std::uint64_t> readings{0};
  std::atomic<std::uint64_t> batches{0};
  std::atomic<std::uint64_t> commands{0};
  std::atomic<std::uint64_t> unreadable{0};
  /// Command batches that were not under the last fence before them (OWN-2).
  std::atomic<std::uint64_t> unfenced{0};
  /// Batches that the log refused (full); tried again, so that they show as lag.
  std::atomic<std::uint64_t> refused{0};
  /// Command batches after which some feeder's grants exceeded its limit. Must stay 0.
  std::atomic<std::uint64_t> limits_exceeded{0};
  /// How far behind its schedule the fleet is.
  std::atomic<std::int64_t> behind_us{0};
  /// CPU time of the fleet's thread.
  std::atomic<std::int64_t> cpu_us{0};
};

class load_fleet {
public:
  load_fleet(fleet_load load, std::unique_ptr<ports::log_producer> producer,
             std::unique_ptr<ports::log_consumer> consumer);
  ~load_fleet();

  /// Polls until the commands' partitions are assigned, at most `patience`.
  [[nodiscard]] bool subscribe(domain::microseconds patience);
  void start();
  /// From now on latencies count.
  void begin_measuring() { is_measuring_ = true; }
  void stop();
  [[nodiscard]] const fleet_figures& figures() const { return figures_; }
  /// From the time at which a probe's reading was due to the fleet's hearing of its grant. Valid
  /// after `stop`.
  [[nodiscard]] const latency_log& reading_to_grant() const { return latencies_; }

private:
  struct crowd_state;

  void run();
  void send_due(domain::instant now);
  bool send(std::size_t number, domain::instant due);
  void toggle(std::size_t number, domain::instant due);
  void listen(domain::microseconds patience);
  void hear(const ports::record& record);
  [[nodiscard]] std::optional<domain::instant> next_due() const;

  fleet_load load_;
  std::unique_ptr<ports::log_producer> producer_;
  std::unique_ptr<ports::log_consumer> consumer_;
  std::unique_ptr<crowd_state> crowd_;
  domain::instant began_{};
  std::uint64_t sent_ = 0;
  std::atomic<bool> shall_stop_{false};
  std::atomic<bool> is_measuring_{false};
  fleet_figures figures_;
  latency_log latencies_;
  std::thread thread_;
};

} // namespace busbar::loadtest
