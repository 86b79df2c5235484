#pragma once
// Actors that were told to end and have not ended yet. An actor ends between two messages: a
// handler that never returns keeps its actor, its thread and what it has borrowed for ever, and the
// runtime has no means against that. The engine's health says so. Thread-safe.

#include "domain/time.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace busbar::actors {

struct condemned_actor {
  /// "station:CP-001".
  std::string name;
  /// When it was told to end.
  domain::instant since{};
};

class condemned_actors {
public:
  void add(caf::actor_id actor, condemned_actor data) {
    const std::lock_guard lock{guard_};
    all_.try_emplace(actor, std::move(data));
  }
  void remove(caf::actor_id actor) {
    const std::lock_guard lock{guard_};
    all_.erase(actor);
  }
  /// Told to end at `before` or earlier, in the order in which they were spawned.
  [[nodiscard]] std::vector<condemned_actor> since(domain::instant before) const {
    const std::lock_guard lock{guard_};
    std::vector<condemned_actor> found;
    for (const auto& [id, actor] : all_)
      if (actor.since <= before) found.push_back(actor);
    return found;
  }

private:
  mutable std::mutex guard_;
  std::map<caf::actor_id, condemned_actor> all_;
};

/// Kills `actor` and keeps it on the list until it has ended.
template <class Handle>
void condemn(const std::shared_ptr<condemned_actors>& list, const Handle& actor,
             condemned_actor data) {
  const auto id = actor.id();
  list->add(id, std::move(data));
  auto* ends = caf::actor_cast<caf::abstract_actor*>(actor);
  ends->attach_functor([list, id] { list->remove(id); });
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

} // namespace busbar::actors
