#pragma once
// What actors say, as records in the log. Session facts, events and site states that the log does
// not take right now are kept, in order, and tried again; commands and decisions are not (a newer
// plan follows, and the site's breaker hears of it).

#include "actors/outbox.hpp"
#include "adapters/logging/console.hpp"
#include "domain/request.hpp"
#include "ports/engine_counters.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace busbar::apps {

class log_outbox : public actors::outbox {
public:
  /// Records kept while the log is full; more are refused with errc::full and counted.
  static constexpr std::size_t kept_max = 200'000;

  /// Every event also becomes a line on `console`; null: none does.
  log_outbox(std::unique_ptr<ports::log_producer> producer,
             std::shared_ptr<ports::engine_counters> counters,
             std::shared_ptr<adapters::logging::console> console = nullptr);

  domain::result<void> send(const domain::command_batch& batch) override;
  domain::result<void> send(const domain::session_fact& fact) override;
  domain::result<void> send(const domain::event& event) override;
  domain::result<void> send(const domain::decision& decision) override;
  domain::result<void> send(const domain::site_state& state) override;

  domain::result<void> send(const domain::driver_request& request);
  /// While the node's place in its group is in doubt (OWN-1) nothing of its own leaves: commands
  /// and decisions are refused with errc::conflict, everything else is kept.
  void hold(bool is_in_doubt) { is_in_doubt_.store(is_in_doubt, std::memory_order_release); }
  /// Tries again what is kept. Called by the journal's thread.
  void retry();
  /// Waits at most `patience` until everything is in the log.
  domain::result<void> flush(domain::microseconds patience);
  [[nodiscard]] std::size_t kept() const;
  [[nodiscard]] ports::log_producer& producer() { return *producer_; }

private:
  [[nodiscard]] bool is_in_doubt() const { return is_in_doubt_.load(std::memory_order_acquire); }
  struct kept_record {
    const char* topic;
    std::string key;
    ports::shared_bytes bytes;
  };
  domain::result<void> publish(const char* topic, const std::string& key,
                               ports::shared_bytes bytes);
  domain::result<void> publish_or_keep(const char* topic, const std::string& key,
                                       ports::shared_bytes bytes);

  std::unique_ptr<ports::log_producer> producer_;
  std::shared_ptr<ports::engine_counters> counters_;
  std::shared_ptr<adapters::logging::console> console_;
  mutable std::mutex guard_;
  std::deque<kept_record> kept_;
  std::atomic<bool> is_keeping_{false};
  std::atomic<bool> is_in_doubt_{false};
};

} // namespace busbar::apps
