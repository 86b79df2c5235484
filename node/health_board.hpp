#pragma once
// The registered health checks of an engine node. Each runs on a thread of its own, so that one
// that hangs delays no other, no scheduler thread and no HTTP thread: it is a failed check.
// Thread-safe.

#include "domain/health_probe.hpp"
#include "ports/health.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace busbar::node {

class health_board {
public:
  /// Registered checks at most.
  static constexpr std::size_t checks_max = 32;

  /// `every`: of the checks that name no period. > 0.
  explicit health_board(std::chrono::milliseconds every) : every_(every) {}
  health_board(const health_board&) = delete;
  health_board& operator=(const health_board&) = delete;
  ~health_board() { stop(); }

  /// Begins to ask at once. errc::duplicate for a name that is there, errc::out_of_range for a
  /// period or patience that is not above zero, errc::too_large above `checks_max`.
  [[nodiscard]] domain::result<void> add(domain::health_probe probe);
  /// What each found last, in the order in which they were registered; one that was not answered
  /// yet passes, one that takes longer than its patience fails.
  [[nodiscard]] std::vector<ports::health_check> results() const;
  /// Asks no more. A check that is under way is waited for 200 ms and then left to itself.
  void stop();

private:
  struct check;
  static void run(const std::shared_ptr<check>& own);

  const std::chrono::milliseconds every_;
  mutable std::mutex guard_;
  std::vector<std::shared_ptr<check>> checks_;
};

} // namespace busbar::node
