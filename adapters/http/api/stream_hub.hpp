#pragma once
// Feeds every open stream. The server's timer calls `pulse` ten times a second; what changed since
// the last pulse is written once and handed to all readers that want it. Thread-safe; a reader's
// `deliver` must only put the text into its own bounded queue.

#include "adapters/http/api/site_feed.hpp"
#include "adapters/http/api/stream_relay.hpp"
#include "adapters/http/server/stream_source.hpp"
#include "adapters/http/server/unsent_bytes.hpp"
#include "ports/engine_node.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::adapters::http::api {

using server::shared_text;
using server::stream_reader;
using server::subscription;
using server::unsent_bytes;

class stream_hub : public server::stream_source {
public:
  /// Entries that a returning reader is given at most; those before are a gap.
  static constexpr std::uint64_t replay_max = 5'000;
  static constexpr domain::seconds heartbeat_every{5};
  /// Critical health checks are looked at this often; a change is a heartbeat at once.
  static constexpr domain::seconds health_every{1};
  /// Whether a reader may go on is looked at this often.
  static constexpr std::chrono::milliseconds admission_every{500};

  /// `unsent` counts the texts that wait for readers, and outlives them. `relay`: of sites that
  /// other nodes hold; null: none is shown.
  stream_hub(const ports::engine_node& engine, unsent_bytes& unsent,
             std::shared_ptr<const stream_relay> relay = nullptr);

  [[nodiscard]] bool open(const subscription& wanted, const std::shared_ptr<stream_reader>& reader,
                          domain::instant now, std::size_t readers_max) override;
  void close(const stream_reader& reader) override;
  void end() override { door_->close(); }
  void pulse(domain::instant now) override;
  [[nodiscard]] std::size_t reader_count() const override;

private:
  struct member {
    subscription wanted;
    std::weak_ptr<stream_reader> reader;
    const stream_reader* key = nullptr;
    /// Of other nodes, for as long as it reads.
    std::vector<std::shared_ptr<void>> followed;
  };
  struct watched_site {
    site_feed feed;
    std::size_t readers = 0;
    /// The feed's whole text, and the same as counted.
    shared_text whole;
    shared_text counted_whole;
  };

  void greet(member& newcomer, domain::instant now);
  void replay(member& newcomer, stream_reader& reader);
  void end_revoked(domain::instant now);
  void end_readers_of(const domain::site_id& site);
  void pulse_journal();
  void pulse_sites();
  void pulse_heartbeat(domain::instant now);
  /// True where other critical checks fail than before.
  [[nodiscard]] bool look_at_health(domain::instant now);
  [[nodiscard]] shared_text heartbeat(domain::instant now) const;
  /// The text, counted as unsent for as long as anything holds it.
  [[nodiscard]] shared_text counted(shared_text text) const;
  [[nodiscard]] const shared_text& whole_of(watched_site& site) const;

  const ports::engine_node& engine_;
  unsent_bytes& unsent_;
  const std::shared_ptr<const stream_relay> relay_;
  const std::shared_ptr<relay_door> door_ = std::make_shared<relay_door>();
  mutable std::mutex mutex_;
  std::vector<member> members_;
  std::map<domain::site_id, watched_site> sites_;
  /// Entries up to here have been delivered to everyone.
  std::uint64_t journal_sent_ = 0;
  domain::instant last_health_{};
  domain::instant last_admission_{};
  /// Names of critical checks that fail, in their order.
  std::vector<std::string> failing_;
  domain::instant last_heartbeat_{};
};

} // namespace busbar::adapters::http::api
