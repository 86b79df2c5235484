#include "apps/history/history_host.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace busbar::apps {

namespace {

constexpr std::int64_t event_days_max = 36'500;

} // namespace

void add_history_options(CLI::App& command, history_options& options) {
  command.add_option("--store", options.folder,
                     "Folder where sessions and events are kept for years (docs/operations.md).\n"
                     "Without it the API knows those of this process alone")
      ->envname("BUSBAR_STORE");
  command.add_option("--store-event-days", options.event_days,
                     "Events are kept there for so many days; sessions for good")
      ->check(CLI::Range(std::int64_t{1}, event_days_max))->capture_default_str();
}

domain::result<void> history_host::open(const history_options& options,
                                        std::function<void(const domain::event&)> line) {
  if (options.folder.empty()) return {};
  adapters::store::archive_settings settings;
  settings.folder = options.folder;
  settings.event_days = options.event_days;
  settings.tell = std::move(line);
  settings.show_past = [memory = memory_](const auto& past) { memory->restore(past); };
  auto opened = adapters::store::history_archive::open(std::move(settings));
  if (!opened) return opened.failure();
  archive_ = std::move(opened.value());
  return {};
}

void history_host::add_statistics(web_server& page) const {
  if (!archive_) return;
  page.add_statistics("store", [archive = archive_] { return archive->room().statistics(); });
}

void history_host::start(const std::shared_ptr<ports::event_log>& log, const std::string& name,
                         ports::engine_node& engine) {
  if (!archive_) return;
  static_cast<void>(engine.watch_health(probe()));
  feed_ = std::make_unique<adapters::store::log_feed>(log, archive_->room(), name);
  feed_->start();
}

/// Control does not need it: the node is ready while it fails.
domain::health_probe history_host::probe() const {
  domain::health_probe probe;
  probe.name = "store";
  probe.every = std::chrono::seconds{1};
  probe.ask = [archive = archive_]() -> domain::health_verdict {
    const auto now = archive->status();
    if (now.state == ports::archive_state::lost) return {false, now.why};
    return {true, now.state == ports::archive_state::checking
                      ? "is looked through"
                      : std::to_string(now.sessions) + " sessions, " +
                            std::to_string(now.events) + " events"};
  };
  return probe;
}

void history_host::stop() {
  feed_.reset();
  // Its health check may outlive this.
  if (archive_) archive_->stop();
}

} // namespace busbar::apps
