#include "node/engine_parts.hpp"

#include "node/owner_book.hpp"
#include "node/shard_count.hpp"

#include <caf/actor_registry.hpp>

#include <chrono>
#include <set>
#include <thread>
#include <utility>

namespace busbar::node {

namespace {

domain::error duplicate_site(const domain::site_id& site) {
  return {domain::errc::duplicate, "site: \"" + site.text() + "\" is given twice"};
}

std::vector<domain::site_id> ids_of(const std::vector<shared_site>& files) {
  std::vector<domain::site_id> ids;
  for (const auto& file : files) ids.push_back(file->id);
  return ids;
}

} // namespace

engine::parts::parts(std::unique_ptr<node_frame> given, const std::vector<shared_site>& files)
    : frame(std::move(given)) {
  frame->directory = std::make_shared<site_directory>(ids_of(files));
}

engine::parts::~parts() { stop(); }

domain::result<void> engine::parts::build(const std::vector<shared_site>& files) {
  std::set<domain::site_id> ids;
  for (const auto& file : files)
    if (!ids.insert(file->id).second) return duplicate_site(file->id);
  auto valid = actors::validate(frame->settings.site);
  if (!valid) return valid;
  auto opened = open_log();
  if (!opened) return opened;
  fill_context(files);
  valid = actors::validate(actors::engine_node_config{frame->context, {}});
  if (!valid) return valid;
  frame->owners = frame->settings.owners ? frame->settings.owners : std::make_shared<owner_book>();
  frame->owners->begin(
      {frame->settings.name, frame->settings.address, frame->shards, files});
  owners_ = std::make_unique<owner_reader>(*frame);
  host = std::make_unique<site_host>(*frame, files);
  revisions = std::make_unique<site_revisions>(*frame, *host);
  orders = std::make_unique<site_orders>(*frame);
  input = std::make_unique<intake>(*frame, *host, *orders, *revisions);
  journal = std::make_unique<journal_reader>(*frame);
  health = std::make_unique<node_health>(*frame, *host, input->group());
  pulse_ = std::make_unique<pulse_thread>(*frame, *orders);
  runtime_ = std::make_unique<actor_runtime>(frame->settings.threads);
  auto right = runtime_->check();
  if (!right) return right;
  opened = input->open(*host, files);
  if (!opened) return opened;
  opened = owners_->open();
  if (!opened) return opened;
  return journal->open();
}

domain::result<void> engine::parts::open_log() {
  const auto shards = open_shards(*frame->log, frame->settings.shards);
  if (!shards) return shards.failure();
  frame->positions = std::make_shared<position_ledger>(shards.value());
  frame->shards = std::make_shared<shard_register>(
      frame->settings.name, static_cast<std::uint64_t>(wall_clock().time_since_epoch().count()),
      shards.value());
  auto producer = frame->log->producer();
  if (!producer) return producer.failure();
  frame->out = std::make_shared<log_outbox>(std::move(producer.value()), frame->counters,
                                            frame->settings.sinks.line);
  frame->out->open(frame->positions, frame->shards);
  frame->refused = std::make_shared<messages::dead_letters>(frame->out->producer());
  return {};
}

void engine::parts::fill_context(const std::vector<shared_site>& files) {
  auto& context = *frame->context;
  context.settings = frame->settings.node;
  context.settings.name = frame->settings.name;
  if (!files.empty()) context.settings.supervision = files.front()->supervision;
  context.out = frame->out;
  context.views = frame->views;
  context.routes = frame->routes;
  context.counters = frame->counters;
  context.clock = wall_clock;
}

void engine::parts::run() {
  pulse_->start(runtime_->system());
  input->start();
  journal->start();
  owners_->start();
  health->start();
}

void engine::parts::stop() {
  if (health) health->stop();
  // The pulse first: a site that the polling thread waits for is seen out by it.
  if (input) input->stop();
  if (pulse_) pulse_->stop();
  frame->routes->place(actors::engine_node_actor{});
  await_actors();
  if (journal) journal->stop();
  if (owners_) owners_->stop();
  // The process that took the name over has written newer states than these.
  const bool is_lost = input && input->lost();
  const bool is_in_order = host && runtime_ && !is_lost && host->write_checkpoints();
  if (orders) orders->end();
  // Leaves its groups: others go on with its sites, or a successor of the same name does.
  if (input) input->leave(is_in_order);
  if (journal) journal->close();
  if (owners_) owners_->close();
  // Handles go before the system that they belong to.
  frame->routes->release();
  pulse_.reset();
  // A system whose actors do not end waits for them for ever: it is left to the process's end.
  if (left_behind.empty()) runtime_.reset();
  else static_cast<void>(runtime_.release());
}

void engine::parts::await_actors() {
  if (!runtime_) return;
  constexpr domain::microseconds patience = std::chrono::seconds{2};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  auto& registry = runtime_->system().registry();
  while (registry.running() != 0 && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  if (registry.running() == 0) return;
  for (const auto& actor : frame->context->supervision->condemned->since(wall_clock()))
    left_behind += (left_behind.empty() ? "" : ", ") + actor.name;
  if (left_behind.empty()) left_behind = std::to_string(registry.running()) + " actors";
}

} // namespace busbar::node
