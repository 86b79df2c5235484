#pragma once
// KEEP-1: the start command of a session leaves once the log has acknowledged that the session was
// accepted. Commands to other connectors do not wait; what follows to the same connector does, so
// that its numbers arrive in order. Thread-safe.
//
//   fact handed over --> expected --acknowledged--> commands that waited leave, in their order
//                            \--refused, forgotten--> the start is dropped, the others leave

#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace busbar::node {

class start_gate {
public:
  /// Puts a batch into the log; does not wait. Called while the gate is locked.
  using way_out = std::function<domain::result<void>(const domain::command_batch&)>;

  explicit start_gate(way_out out) : out_(std::move(out)) {}

  /// The fact that accepts the session is on its way.
  void expect(const domain::site_id& site, const domain::session_id& session);
  /// It is in the log, or never will be.
  void settle(const domain::site_id& site, const domain::session_id& session, bool is_kept);
  /// Lets a site's commands out, but for those that wait.
  [[nodiscard]] domain::result<void> pass(const domain::command_batch& batch);
  /// Another node speaks for the site.
  void forget(const std::string& site);
  /// Nothing is let out any more.
  void close();
  /// Batches that wait, in part or whole.
  [[nodiscard]] std::size_t waiting() const;

private:
  struct site_queue {
    std::set<domain::session_id> expected;
    std::vector<domain::command_batch> held;
  };
  [[nodiscard]] static domain::command_batch hold(domain::command_batch& batch, site_queue& queue);
  void let_out(site_queue& queue);

  way_out out_;
  mutable std::mutex guard_;
  std::map<domain::site_id, site_queue> sites_;
  /// Of sessions that are expected and batches that wait: most commands pass without the lock.
  std::atomic<std::size_t> count_{0};
};

} // namespace busbar::node
