#pragma once
// The loop of a gateway: commands, session facts and site states in, telemetry and answers out. One
// thread polls, hands over what is for the gateway's sites, and lets it take a step.

#include "domain/command.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "messages/fact_gate.hpp"
#include "node/command_gate.hpp"
#include "node/publisher.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace busbar::node {

/// What a gateway stands for: charge points of sites, simulated or real. Used by the loop's thread.
class gateway {
public:
  virtual ~gateway() = default;
  [[nodiscard]] virtual bool has(const std::string& site) const = 0;
  /// REQUIRES of these three: has(site).
  virtual void take(const std::string& site, const domain::command_batch& batch,
                    domain::instant now) = 0;
  virtual void take(const std::string& site, const domain::session_fact& fact,
                    domain::instant now) = 0;
  virtual void take(const std::string& site, domain::site_state state) = 0;
  /// Time has passed, or something was taken: what follows is published.
  virtual void step(domain::instant now, publisher& out) = 0;
};

/// Counted since the start; readable from any thread.
struct gateway_counters {
  std::atomic<std::uint64_t> steps{0};
  /// Records that could not be decoded, or are of a site that the gateway does not have.
  std::atomic<std::uint64_t> unreadable{0};
  std::atomic<std::uint64_t> foreign{0};
  /// Records with commands that are not under the last fence before them (OWN-2).
  std::atomic<std::uint64_t> unfenced{0};
  /// Session facts of a node whose site another one had taken over before.
  std::atomic<std::uint64_t> unfenced_facts{0};
  /// Records dropped because the log was full for long, and refused by it for good.
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> refused{0};
};

struct gateway_settings {
  /// Consumer group; each group reads all commands. Its one member is named after it.
  std::string group;
  /// Where a group without committed offsets begins; else with what comes from now on.
  bool from_beginning = false;
  domain::microseconds step_every{std::chrono::milliseconds{100}};
  /// As node/engine_settings.hpp.
  std::optional<std::int32_t> shards;
  /// Called once, on the loop's thread, when `lost` has something to say.
  std::function<void()> on_lost;
};

class gateway_loop {
public:
  /// `served` and `counters` outlive it.
  gateway_loop(gateway& served, gateway_counters& counters)
      : served_(served), counters_(counters) {}
  ~gateway_loop() { stop(); }

  /// Ensures the topics, subscribes (5 s at most), reads the states that there are, and starts the
  /// thread. REQUIRES: not running.
  [[nodiscard]] domain::result<void> start(std::shared_ptr<ports::event_log> log,
                                           gateway_settings settings);
  /// Ends the thread within a step and flushes for at most half a second. Harmless when stopped.
  void stop();
  /// Why nothing is read any more, for good: another process runs under the group's name. Complete
  /// after `stop`.
  [[nodiscard]] const std::optional<domain::error>& lost() const { return lost_; }

private:
  [[nodiscard]] domain::result<void> open(ports::event_log& log);
  void subscribe();
  void take_states(const std::vector<ports::record>& records);
  void run();
  [[nodiscard]] bool listen(domain::instant deadline);
  void deliver(const ports::record& record);
  void deliver_to(const ports::record& record);
  void deliver_commands(const ports::record& record);
  void take_fence(const ports::record& record);
  void take_mark(const ports::record& record);
  void take_owner(const ports::record& record);
  void read_owners();
  void refuse(const ports::record& record, const domain::error& why);
  void step(domain::instant now);

  gateway& served_;
  gateway_counters& counters_;
  gateway_settings settings_;
  std::shared_ptr<ports::event_log> log_;
  command_gate gate_;
  messages::fact_gate facts_;
  std::unique_ptr<publisher> out_;
  std::unique_ptr<ports::log_consumer> input_;
  std::optional<domain::error> lost_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
};

} // namespace busbar::node
