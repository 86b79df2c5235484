#include "apps/fleet/fleet.hpp"

#include "apps/fleet/outbox.hpp"
#include "control/operators/configuration.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "messages/dead_letters.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"
#include "simulator/world.hpp"

#include <chrono>
#include <map>
#include <utility>

namespace busbar::apps {

namespace {

using domain::instant;
using domain::microseconds;
using site_pointer = std::shared_ptr<const domain::site>;

constexpr std::int32_t partitions = 12;
constexpr std::size_t records_at_once = 512;
/// Between two tries when the log takes nothing more.
constexpr microseconds full_pause{std::chrono::milliseconds{20}};
/// Between two looks at the file of a site whose engine has another tree.
constexpr microseconds reads_every{std::chrono::seconds{5}};
/// A broker takes seconds for it; without it the fleet starts all the same and catches up.
constexpr microseconds subscribes_within{std::chrono::seconds{5}};

instant system_now() {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

domain::result<void> check(const fleet_settings& settings) {
  if (const auto wrong = validate(settings.world); !wrong.empty())
    return domain::error{domain::errc::out_of_range, wrong};
  if (settings.step_every < std::chrono::milliseconds{10} ||
      settings.step_every > std::chrono::seconds{1})
    return domain::error{domain::errc::out_of_range,
                         "step_every " + std::to_string(settings.step_every.count()) +
                             " us: allowed is 10000..1000000 us"};
  return {};
}

} // namespace

/// What the thread works on.
class fleet::loop {
public:
  loop(std::vector<site_pointer> sites, fleet_settings settings,
       std::unique_ptr<ports::log_producer> producer,
       std::unique_ptr<ports::log_consumer> consumer, fleet_counters& counters)
      : step_every_(settings.step_every), read_site_(settings.read_site),
        outbox_(std::move(producer)), consumer_(std::move(consumer)), counters_(counters) {
    std::uint64_t seed = settings.seed;
    for (auto& site : sites) {
      const std::string key = site->id.text();
      trees_.try_emplace(key, known_tree{site, 0, {}, {}});
      worlds_[key] = std::make_unique<simulator::world>(std::move(site), settings.world, seed++);
      settings.world.drivers.clear();
      settings.world.arrivals.clear();
    }
  }

  /// Waits until partitions are assigned, so that no command from now on is missed.
  void subscribe() {
    const auto deadline = system_now() + subscribes_within;
    while (consumer_->assignment().empty() && system_now() < deadline)
      for (const auto& record : consumer_->poll(records_at_once, full_pause)) deliver(record);
  }

  /// What the changelog says of each site: the newest state of `records` stands.
  void take_states(const std::vector<ports::record>& records) {
    for (const auto& record : records)
      if (worlds_.contains(record.key)) take_state(record);
  }

  /// Ends when it shall, or with the reason for which it hears nothing any more.
  std::optional<domain::error> run(const std::atomic<bool>& shall_stop) {
    auto next_step = system_now();
    while (!shall_stop && !consumer_->ended()) {
      const bool has_heard = listen(next_step);
      const auto now = system_now();
      if (has_heard || now >= next_step) step(now);
      while (next_step <= now) next_step += step_every_;
    }
    outbox_.drain();
    // What does not get through in this time is lost with the process, as with a real fleet's.
    (void)outbox_.flush(std::chrono::milliseconds{500});
    return consumer_->ended();
  }

private:
  /// Waits for records until `deadline` at most; true when a world has heard something.
  bool listen(instant deadline) {
    const auto rest = deadline - system_now();
    const auto patience = outbox_.waiting() > 0 ? std::min<microseconds>(rest, full_pause) : rest;
    const auto records = consumer_->poll(records_at_once, std::max(patience, microseconds{0}));
    for (const auto& record : records) deliver(record);
    return !records.empty();
  }

  void deliver(const ports::record& record) {
    const auto found = worlds_.find(record.key);
    if (record.key.empty())
      return refuse(record, {domain::errc::missing_field, "the record has no key"});
    if (found == worlds_.end()) {
      ++counters_.foreign;
      return;
    }
    if (record.place.topic == messages::sites_topic) return take_state(record);
    if (record.place.topic == messages::commands_topic)
      apply(*found->second, record, messages::decode_record(record, messages::decode_commands));
    else
      apply(*found->second, record, messages::decode_record(record, messages::decode_session_fact));
  }

  template <class Message>
  void apply(simulator::world& where, const ports::record& record,
             const domain::result<Message>& message) {
    if (!message) return refuse(record, message.failure());
    if constexpr (std::is_same_v<Message, domain::command_batch>)
      counters_.commands += message.value().commands.size();
    where.apply(message.value(), system_now());
  }

  void refuse(const ports::record& record, const domain::error& why) {
    ++counters_.unreadable;
    const auto letter = messages::letter_about(record, why, system_now());
    outbox_.put(messages::dead_letters_topic, record.key, messages::encode(letter), true);
  }

  void take_state(const ports::record& record) {
    auto state = messages::decode_record(record, messages::decode_site_state);
    if (!state) return refuse(record, state.failure());
    auto& tree = trees_.at(record.key);
    tree.topology_hash = state.value().topology_hash;
    tree.configured = std::move(state.value().configured);
  }

  /// The engine goes on with another tree: so does the fleet, once its file and what has been
  /// configured on top are that tree.
  void follow(const std::string& key, simulator::world& where, instant now) {
    auto& tree = trees_.at(key);
    const bool is_same = tree.topology_hash == where.site().topology_hash;
    if (tree.topology_hash == 0 || is_same || now - tree.read_at < reads_every) return;
    tree.read_at = now;
    const auto file = read_site_ ? read_site_(where.site().id) : tree.file;
    if (!file) return;
    auto next = file.value();
    if (next->topology_hash != tree.topology_hash) next = with(*next, tree.configured);
    if (!next || next->topology_hash != tree.topology_hash) return;
    where.follow(std::move(next), now);
    ++counters_.followed;
  }

  /// As the engine puts them together; null: it does not fit.
  static site_pointer with(const domain::site& file, const domain::site_configuration& configured) {
    const auto fitting = control::operators::keep_what_fits(file, configured);
    auto site = control::operators::configured_site(file, fitting.kept);
    return site ? std::make_shared<const domain::site>(std::move(site.value())) : nullptr;
  }

  void step(instant now) {
    ++counters_.steps;
    for (auto& [key, world] : worlds_) {
      follow(key, *world, now);
      send(key, world->step(now));
    }
    outbox_.drain();
    counters_.dropped = outbox_.dropped();
    counters_.refused = outbox_.refused();
  }

  void send(const std::string& key, const simulator::outputs& said) {
    if (said.telemetry) {
      counters_.readings += said.telemetry->readings.size();
      outbox_.put(messages::telemetry_topic, key, messages::encode(*said.telemetry), true);
    }
    for (const auto& batch : said.results)
      outbox_.put(messages::results_topic, key, messages::encode(batch), false);
    for (const auto& request : said.requests)
      outbox_.put(messages::requests_topic, key, messages::encode(request), false);
    for (const auto& event : said.events)
      outbox_.put(messages::events_topic, key, messages::encode(event), true);
    counters_.requests += said.requests.size();
  }

  /// What the engine has made of a site's file.
  struct known_tree {
    domain::result<site_pointer> file;
    /// 0: not heard yet.
    std::uint64_t topology_hash = 0;
    domain::site_configuration configured;
    instant read_at{};
  };

  microseconds step_every_;
  std::function<domain::result<site_pointer>(const domain::site_id&)> read_site_;
  outbox outbox_;
  std::unique_ptr<ports::log_consumer> consumer_;
  fleet_counters& counters_;
  std::map<std::string, std::unique_ptr<simulator::world>> worlds_;
  std::map<std::string, known_tree> trees_;
};

fleet::fleet() = default;
fleet::~fleet() { stop(); }

domain::result<void> fleet::start(std::vector<std::shared_ptr<const domain::site>> sites,
                                  std::shared_ptr<ports::event_log> log,
                                  fleet_settings settings) {
  if (auto checked = check(settings); !checked) return checked;
  if (auto ensured = log->ensure_topics(messages::all_topics(partitions)); !ensured) return ensured;
  auto producer = log->producer();
  if (!producer) return producer.failure();
  ports::consumer_settings wanted;
  wanted.group = settings.group;
  wanted.member = settings.group + "-1";
  wanted.topics = {messages::commands_topic, messages::sessions_topic, messages::sites_topic};
  auto consumer = log->consumer(std::move(wanted));
  if (!consumer) return consumer.failure();
  const auto on_lost = settings.on_lost;
  loop_ = std::make_unique<loop>(std::move(sites), std::move(settings),
                                 std::move(producer.value()), std::move(consumer.value()),
                                 counters_);
  loop_->subscribe();
  // Without it the fleet catches up with the next state that the engine writes.
  if (const auto states = log->read_all(messages::sites_topic, subscribes_within))
    loop_->take_states(states.value());
  shall_stop_ = false;
  thread_ = std::thread{[this, on_lost] {
    lost_ = loop_->run(shall_stop_);
    if (lost_ && on_lost) on_lost();
  }};
  return {};
}

void fleet::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
  loop_.reset();
}

} // namespace busbar::apps
