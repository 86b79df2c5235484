#pragma once
// KEEP-2: facts are the truth, so a state leaves once the log has every fact and command of its
// site that was handed over before it. A state that holds the session of a fact that never came
// into the log would open a session that nothing accepts; one without it would lose a session that
// nothing completes. Of each site one state waits: a newer one takes its place. Thread-safe.

#include "actors/outbox.hpp"
#include "domain/ids.hpp"
#include "domain/site_state.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace busbar::node {

class state_gate {
public:
  using ticket = std::uint64_t;
  /// Puts a state into the log, or keeps it; does not wait. Called while the gate is locked, so
  /// that states keep their order; what is answered within the call may come back to the gate.
  using way_out = std::function<void(const domain::site_state&, const actors::kept_listener&)>;

  explicit state_gate(way_out out) : out_(std::move(out)) {}

  /// A record of the site is on its way to the log.
  [[nodiscard]] ticket begin(const domain::site_id& site);
  /// It is in the log, or never will be.
  void end(const domain::site_id& site, ticket of);
  /// Now, or once all that was handed over before has ended. `then` may be empty.
  void pass(const domain::site_state& state, actors::kept_listener then);
  /// Another node speaks for the site: its state is not written.
  void forget(const domain::site_id& site, const domain::error& why);
  /// States that wait.
  [[nodiscard]] std::size_t waiting() const;

private:
  struct waiting_state {
    domain::site_state state;
    std::vector<actors::kept_listener> then;
    /// All before it must have ended.
    ticket after = 0;
  };
  struct site_queue {
    std::set<ticket> open;
    std::optional<waiting_state> state;
  };
  [[nodiscard]] static bool is_free(const site_queue& queue, ticket after) {
    return queue.open.empty() || *queue.open.begin() >= after;
  }
  void let_out(waiting_state state) const;

  way_out out_;
  mutable std::recursive_mutex guard_;
  std::map<domain::site_id, site_queue> sites_;
  ticket next_ = 1;
};

} // namespace busbar::node
