#pragma once
// What actors send, as records in the log. A start leaves once the log has the fact that accepts
// its session (KEEP-1); a state names the positions that it includes, and leaves once the log has
// the facts and commands that were sent before it (KEEP-2). Session facts,
// events and site states that the log does not take right now are kept, in order, and tried again;
// commands and decisions are not (a newer plan follows, and the site's breaker hears of it).

#include "actors/outbox.hpp"
#include "domain/request.hpp"
#include "node/position_ledger.hpp"
#include "node/publisher.hpp"
#include "node/shard_register.hpp"
#include "node/start_gate.hpp"
#include "node/state_gate.hpp"
#include "ports/engine_counters.hpp"

#include <functional>
#include <memory>
#include <string>

namespace busbar::node {

class log_outbox : public actors::outbox {
public:
  /// `line` is called with each event; empty: nothing is.
  log_outbox(std::unique_ptr<ports::log_producer> producer,
             std::shared_ptr<ports::engine_counters> counters,
             std::function<void(const domain::event&)> line = {});
  /// What the log has not acknowledged by then lets no start out.
  ~log_outbox() override { gate_.close(); }

  domain::result<void> send(const domain::command_batch& batch) override;
  domain::result<void> send(const domain::session_fact& fact) override;
  domain::result<void> send(const domain::event& event) override;
  domain::result<void> send(const domain::decision& decision) override;
  domain::result<void> send(const domain::site_state& state) override;
  void keep(const domain::site_state& state, const actors::kept_listener& then) override;
  /// The site is claimed by `state`, which names its positions itself: now, or refused as the log
  /// refuses, also while the node's place was in doubt a moment ago.
  domain::result<void> claim(const domain::site_state& state, actors::kept_listener then);

  /// Refused at once, or `then` hears when the log has it.
  domain::result<void> send(const domain::driver_request& request, actors::kept_listener then);
  /// Positions that states name, and the shards under whose fences commands leave (OWN-2). Before
  /// anything is sent; without them states name none, and commands leave under no fence.
  void open(std::shared_ptr<position_ledger> positions,
            std::shared_ptr<shard_register> shards = nullptr) {
    positions_ = std::move(positions);
    shards_ = std::move(shards);
  }
  /// While the node's place in its group is in doubt (OWN-1) nothing of its own leaves: commands
  /// and decisions are refused with errc::conflict, everything else is kept.
  void hold(bool is_in_doubt) { out_.hold(is_in_doubt); }
  /// Tries again what is kept. Called by the journal's thread.
  void retry() { out_.retry(); }
  /// Waits at most `patience` until everything is in the log.
  domain::result<void> flush(domain::microseconds patience);
  [[nodiscard]] std::size_t kept() const { return out_.kept(); }
  /// Forgets what is kept of a site: another node speaks for it.
  void drop_kept(const std::string& key);
  [[nodiscard]] ports::log_producer& producer() { return out_.producer(); }

private:
  [[nodiscard]] domain::result<void> put_out(const domain::command_batch& batch);
  /// Hands a record over with what is to be called once the log has it.
  using way_in = std::function<domain::result<void>(ports::acknowledgement)>;
  /// Notes the record's place, and calls `then`; before a state of the site leaves.
  domain::result<void> put_noted(const domain::site_id& site, const way_in& put,
                                 ports::acknowledgement then = {});
  domain::result<void> put_state(const domain::site_state& state, ports::acknowledgement then);

  /// OWN-5: nothing leaves before it is known whether another node has taken over.
  void mind_silence();
  [[nodiscard]] ports::acknowledgement noted(ports::acknowledgement then = {}) const;

  std::shared_ptr<position_ledger> positions_;
  std::shared_ptr<shard_register> shards_;
  start_gate gate_;
  state_gate states_;
  /// After the gate: what it gives up at its end settles there.
  publisher out_;
  std::function<void(const domain::event&)> line_;
};

} // namespace busbar::node
