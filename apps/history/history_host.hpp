#pragma once
// The history beside an engine node (`busbar engine --store`, `busbar demo --store`). Without the
// option it does nothing.

#include "adapters/store/history_archive.hpp"
#include "adapters/store/log_feed.hpp"
#include "apps/web/web_server.hpp"
#include "domain/event.hpp"
#include "domain/result.hpp"
#include "node/journal.hpp"
#include "ports/engine_node.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct history_options {
  /// Empty: the history is not kept.
  std::string folder;
  std::int64_t event_days = 365;
};

/// --store (BUSBAR_STORE) and --store-event-days.
void add_history_options(CLI::App& command, history_options& options);

class history_host {
public:
  /// `line` is called with events of the store itself; may be empty. The errors of
  /// `history_archive::open`.
  [[nodiscard]] domain::result<void> open(const history_options& options,
                                          std::function<void(const domain::event&)> line);
  /// For the engine, which shows what is past from there.
  [[nodiscard]] std::shared_ptr<ports::history_store> memory() const { return memory_; }
  /// Null: the history is not kept.
  [[nodiscard]] std::shared_ptr<ports::archive> archive() const { return archive_; }
  void add_statistics(web_server& page) const;
  /// Begins to read the log, once the engine runs. `name`: of the engine node.
  void start(const std::shared_ptr<ports::event_log>& log, const std::string& name,
             ports::engine_node& engine);
  /// What the log has by now is written.
  void stop();

private:
  [[nodiscard]] domain::health_probe probe() const;

  const std::shared_ptr<node::ring_journal> memory_ = std::make_shared<node::ring_journal>();
  std::shared_ptr<adapters::store::history_archive> archive_;
  std::unique_ptr<adapters::store::log_feed> feed_;
};

} // namespace busbar::apps
