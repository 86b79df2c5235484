#pragma once
// Contexts that are to take the place of running sites', sites that are to come, and sites that are
// to go. They wait here, and not in a mailbox, so that none is lost while the engine node does not
// run yet or is being restarted.

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::actors {

struct site_context;

class waiting_replacements {
public:
  /// By any thread. REQUIRES: `next` has a predecessor that runs, or that is the newest that waits.
  void put(std::shared_ptr<site_context> next) {
    const std::lock_guard lock{guard_};
    waiting_.push_back(std::move(next));
  }
  /// By the engine node, on each pulse.
  [[nodiscard]] std::vector<std::shared_ptr<site_context>> take() {
    const std::lock_guard lock{guard_};
    return std::exchange(waiting_, {});
  }

private:
  std::mutex guard_;
  std::vector<std::shared_ptr<site_context>> waiting_;
};

} // namespace busbar::actors
