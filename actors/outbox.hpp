#pragma once
// Where actors put what leaves the engine. Implemented by node/ (encodes and publishes to the
// log) and by a recording fake in tests. Thread-safe; returns at once; errc::full or
// errc::unavailable when the log does not take it (the caller's breaker counts that).

#include "domain/command.hpp"
#include "domain/decision.hpp"
#include "domain/event.hpp"
#include "domain/result.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"
#include "ports/orders.hpp"

namespace busbar::actors {

using ports::kept_listener;

class outbox {
public:
  virtual ~outbox() = default;
  virtual domain::result<void> send(const domain::command_batch& batch) = 0;
  /// Facts, events and site states are kept and tried again when the log is full.
  virtual domain::result<void> send(const domain::session_fact& fact) = 0;
  virtual domain::result<void> send(const domain::event& event) = 0;
  virtual domain::result<void> send(const domain::decision& decision) = 0;
  virtual domain::result<void> send(const domain::site_state& state) = 0;
  /// The same; `then` hears when the log has it (KEEP-1).
  virtual void keep(const domain::site_state& state, const kept_listener& then) {
    then(send(state));
  }
};

} // namespace busbar::actors
