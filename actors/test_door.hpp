#pragma once
// A way in for tests: every actor can be found by its name ("station:CP-001") and made to throw or
// to hang. Built where BUSBAR_TEST_DOORS is set (every preset but release); a release compiles
// none of it in: its actors have no names here, and the message does nothing.

#include "actors/interfaces.hpp"

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::actors {

#ifdef BUSBAR_TEST_DOORS
constexpr bool has_test_doors = true;
#else
constexpr bool has_test_doors = false;
#endif

/// In the handler of the actor that was told to fail.
inline void fail_as_told(const test_fault& fault) {
  if constexpr (has_test_doors) {
    if (!fault.until) throw std::runtime_error("test fault");
    fault.until->wait(false);
  }
}

/// Where the actors are, by name. Thread-safe.
class test_doors {
public:
  /// An actor that begins; one of the same name before it is forgotten.
  template <class Handle> void place(std::string name, const Handle& actor) {
    const std::lock_guard lock{guard_};
    actors_.insert_or_assign(std::move(name), caf::actor_cast<caf::actor_addr>(actor));
  }
  /// Null where none of that name has begun, or the newest one has ended.
  [[nodiscard]] caf::actor find(const std::string& name) const {
    const std::lock_guard lock{guard_};
    const auto found = actors_.find(name);
    return found == actors_.end() ? caf::actor{} : caf::actor_cast<caf::actor>(found->second);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    const std::lock_guard lock{guard_};
    std::vector<std::string> all;
    for (const auto& [name, unused] : actors_) all.push_back(name);
    return all;
  }
  /// False: there is no such actor.
  bool send(const std::string& name, test_fault fault) const {
    const auto actor = find(name);
    if (!actor) return false;
    constexpr std::string_view station = "station:";
    if (name.starts_with(station)) caf::anon_send(actor, station_work{std::move(fault)});
    else caf::anon_send(actor, std::move(fault));
    return true;
  }

private:
  mutable std::mutex guard_;
  std::map<std::string, caf::actor_addr> actors_;
};

} // namespace busbar::actors
