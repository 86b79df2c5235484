#pragma once
// A site's records of commands on their way to the log: what the log did not take is held, and goes
// first with the next record. Around it is the site's circuit breaker.

#include "actors/site_context.hpp"
#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/result.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace busbar::actors {

class command_log {
public:
  /// Before anything else.
  void open(std::shared_ptr<site_context> context) { context_ = std::move(context); }

  /// One record with the commands of a tick, ordered. None are left in `commands`.
  void send(std::vector<domain::command>& commands, domain::instant now);
  /// What is held is not sent any more.
  void forget();
  /// Whether the log took a record, for the breaker.
  void settle(const domain::result<void>& verdict, domain::instant now);
  [[nodiscard]] domain::breaker_view breaker() const;

private:
  /// True where there were none, or the log took them: then none are left.
  bool put(std::vector<domain::command>& commands, domain::instant issued_at,
           domain::instant now);

  std::shared_ptr<site_context> context_;
  std::vector<domain::command> held_;
  /// When the oldest of what is held was issued.
  std::optional<domain::instant> held_since_;
  control::safety::breaker breaker_;
};

} // namespace busbar::actors
