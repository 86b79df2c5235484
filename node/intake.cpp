#include "node/intake.hpp"

#include "domain/events/connections.hpp"
#include "messages/topics.hpp"
#include "node/boot_clock.hpp"
#include "node/owner_book.hpp"
#include "node/shard_fencing.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace busbar::node {

namespace {

constexpr std::size_t records_max = 1'000;
/// Waking threads costs more than taking a batch: what comes within this time is taken together.
constexpr std::chrono::milliseconds gather{4};
constexpr domain::microseconds poll_patience = std::chrono::milliseconds{20};
/// For checkpoints, while nothing else runs yet and while other sites wait for it.
constexpr domain::seconds changelog_patience{20};
constexpr domain::seconds checkpoint_patience{5};
/// For what stands in the commands after this node's fences.
constexpr domain::seconds look_patience{1};
constexpr domain::microseconds looks_every = std::chrono::milliseconds{250};
/// A group that does not answer in this time shares the partitions out once it misses the member.
constexpr domain::seconds leave_patience{2};

/// Commands are read for the fences of other nodes among them (OWN-5).
const std::vector<std::string>& topics_alongside() {
  static const std::vector<std::string> topics{messages::results_topic, messages::requests_topic,
                                               messages::commands_topic};
  return topics;
}

/// The number of partitions that all topics of a site's records have.
domain::result<std::int32_t> partitions_of_all(ports::event_log& log) {
  const auto first = log.partitions(messages::telemetry_topic);
  auto topics = topics_alongside();
  topics.push_back(messages::sessions_topic);
  for (const auto& topic : topics) {
    if (!first) break;
    const auto other = log.partitions(topic);
    if (!other) return other.failure();
    if (other.value() == first.value()) continue;
    return domain::error{domain::errc::conflict,
                         topic + " has " + std::to_string(other.value()) + " partitions, " +
                             messages::telemetry_topic + " has " +
                             std::to_string(first.value()) + ": they must have as many"};
  }
  return first;
}

} // namespace

intake::intake(node_frame& frame, site_host& host, site_orders& orders,
               site_revisions& revisions)
    : frame_(frame),
      ingest_(frame.routes, frame.directory, frame.counters, *frame.refused),
      revisions_(revisions), capabilities_(frame, orders, revisions),
      epochs_(frame, host, revisions), group_(wall_clock()) {}

domain::result<void> intake::open(site_host& host, const std::vector<shared_site>& files) {
  const auto partitions = partitions_of_all(*frame_.log);
  if (!partitions) return partitions.failure();
  keeper_ = std::make_unique<site_keeper>(frame_, host, ownership_of(files, partitions.value()),
                                          [this] { return input_ && input_->is_in_place(); });
  ports::consumer_settings wanted;
  wanted.group = "busbar-engine";
  wanted.member = frame_.settings.name;
  wanted.topics = {messages::telemetry_topic};
  wanted.alongside = topics_alongside();
  wanted.on_rebalance = keeper_->listener();
  auto consumer = frame_.log->consumer(std::move(wanted));
  if (!consumer) return consumer.failure();
  input_ = std::move(consumer.value());
  return {};
}

void intake::start() {
  mind_place();
  step(domain::microseconds{0}, changelog_patience);
  thread_ = std::thread{[this] { loop(); }};
}

void intake::stop() {
  shall_stop_ = true;
  // Sites that are just being taken over go to another node.
  frame_.log->end_reads();
  if (thread_.joinable()) thread_.join();
}

void intake::leave(bool in_order) {
  if (keeper_) keeper_->close();
  if (input_ && in_order) input_->leave(leave_patience);
  input_.reset();
}

void intake::loop() {
  auto next = std::chrono::steady_clock::now();
  while (!shall_stop_.load(std::memory_order_relaxed)) {
    next = std::chrono::steady_clock::now() + gather;
    step(poll_patience, checkpoint_patience);
    std::this_thread::sleep_until(next);
  }
}

void intake::step(domain::microseconds patience, domain::microseconds read_patience) {
  follow_drain_order();
  const auto records = input_->poll(records_max, patience);
  for (const auto& record : records)
    if (record.place.topic == messages::commands_topic) take_command_record(frame_, record);
  look_at_shards();
  keeper_->settle(wall_clock(), read_patience);
  for (auto& each : keeper_->take_recovered()) {
    const auto ends = read_ends(frame_, each);
    ingest_.go_on_from(std::move(each), ends, wall_clock());
  }
  mind_place();
  std::map<ports::partition_id, std::int64_t> done;
  for (const auto& record : records) {
    if (record.place.topic != messages::commands_topic) take(record);
    done[record.place] = record.offset;
  }
  for (const auto& [place, offset] : done) static_cast<void>(input_->commit(place, offset));
  capabilities_.take(ingest_.take_reports());
  ingest_.take_waiting(wall_clock());
  hold_back(ingest_.in_flight());
  look_at_group();
}

void intake::take(const ports::record& record) {
  ingest_.take(record, wall_clock());
  if (record.place.topic != messages::telemetry_topic)
    frame_.positions->passed(record.place, record.offset, position_ledger::clock::now());
}

/// Whether another node has taken a shard is asked where it is not known: the polling thread waits
/// for the answer.
void intake::look_at_shards() {
  if (boot_clock() < told_.asks_again_at) return;
  if (look(frame_, input_->is_in_place(), look_patience))
    told_.asks_again_at = boot_clock() + looks_every;
}

/// Another process may have this node's name, or its sites: until that is settled this one commands
/// nothing.
void intake::mind_place() {
  const bool is_in_place = input_->is_in_place();
  frame_.out->hold(!is_in_place || keeper_->is_in_doubt() ||
                   frame_.shards->is_silent(boot_clock()));
  group_.settle(is_in_place);
}

void intake::follow_drain_order() {
  const auto order = frame_.owners->take_drain_order();
  if (!order) return;
  input_->stand_aside(order->is_drained);
  group_.drain(order->is_drained);
  const domain::events::moment now{{}, wall_clock()};
  const auto& name = frame_.settings.name;
  publish_event(frame_, order->is_drained ? domain::events::node_drained(now, name, order->by)
                                          : domain::events::node_put_back(now, name, order->by));
}

void intake::look_at_group() {
  constexpr std::chrono::milliseconds every{500};
  const auto now = wall_clock();
  const auto passed = now - told_.looked_at;
  if (passed < every && passed.count() >= 0) return;
  told_.looked_at = now;
  const auto assigned = input_->assignment();
  const auto telemetry = std::ranges::count(assigned, messages::telemetry_topic,
                                            &ports::partition_id::topic);
  group_.look(static_cast<std::size_t>(telemetry), frame_.counters->ingest.batches.value(), now);
  if (frame_.directory->count(site_standing::held) == 0) group_.await_nothing();
  if (input_->is_in_place()) epochs_.look(ingest_, now);
  for (const auto& site : frame_.views->sites()) revisions_.forget_fallbacks(site);
  auto statistics = input_->statistics();
  auto why = input_->ended();
  const std::unique_lock lock{told_.guard};
  told_.statistics = std::move(statistics);
  if (!why || told_.lost) return;
  told_.lost = std::move(why);
  if (frame_.settings.on_lost) frame_.settings.on_lost();
}

void intake::hold_back(std::int64_t in_flight) {
  frame_.counters->ingest.queue_depth.assign(
      static_cast<std::uint64_t>(std::max<std::int64_t>(in_flight, 0)));
  const bool is_full = in_flight > frame_.settings.in_flight_max;
  const bool has_room = in_flight <= frame_.settings.in_flight_max / 2;
  if (is_held_back_ ? !has_room : !is_full) return;
  std::vector<ports::partition_id> telemetry;
  for (auto& place : input_->assignment())
    if (place.topic == messages::telemetry_topic) telemetry.push_back(std::move(place));
  is_held_back_ = !is_held_back_;
  if (!is_held_back_) return input_->resume(telemetry);
  input_->pause(telemetry);
  frame_.counters->ingest.pauses.add();
}

ports::log_statistics intake::statistics() const {
  const std::lock_guard lock{told_.guard};
  return told_.statistics;
}

std::optional<domain::error> intake::lost() const {
  const std::lock_guard lock{told_.guard};
  return told_.lost;
}

} // namespace busbar::node
