#pragma once
// The parts of a running engine node in the order in which they are built; the engine's own.

#include "node/actor_runtime.hpp"
#include "node/engine.hpp"
#include "node/intake.hpp"
#include "node/journal_reader.hpp"
#include "node/node_health.hpp"
#include "node/owner_reader.hpp"
#include "node/pulse_thread.hpp"
#include "node/site_orders.hpp"
#include "node/site_revisions.hpp"

#include <memory>
#include <string>
#include <vector>

namespace busbar::node {

class engine::parts {
public:
  /// The frame has its settings, its log and its counters.
  explicit parts(std::unique_ptr<node_frame> given, const std::vector<shared_site>& files);
  ~parts();

  domain::result<void> build(const std::vector<shared_site>& files);
  void run();
  void stop();

  std::unique_ptr<node_frame> frame;
  std::unique_ptr<site_host> host;
  std::unique_ptr<site_revisions> revisions;
  std::unique_ptr<site_orders> orders;
  std::unique_ptr<intake> input;
  std::unique_ptr<journal_reader> journal;
  std::unique_ptr<node_health> health;
  /// Actors that had not ended when `stop` gave up waiting for them; empty: all have.
  std::string left_behind;

private:
  domain::result<void> open_log();
  void fill_context(const std::vector<shared_site>& files);
  void await_actors();

  std::unique_ptr<owner_reader> owners_;
  std::unique_ptr<actor_runtime> runtime_;
  std::unique_ptr<pulse_thread> pulse_;
};

} // namespace busbar::node
