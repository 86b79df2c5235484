#include "apps/engine/engine_parts.hpp"

#include "apps/engine/unknown_place.hpp"
#include "control/operators/order_book.hpp"
#include "control/operators/order_limits.hpp"
#include "domain/epochs.hpp"
#include "domain/events/site_changes.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"

#include <caf/actor_registry.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace busbar::apps {

namespace {

constexpr domain::seconds changelog_patience{20};

/// Tests only.
actors::test_fault never() { return {std::make_shared<std::atomic<bool>>(false)}; }

domain::error duplicate_site(const domain::site_id& site) {
  return {domain::errc::duplicate, "site: \"" + site.text() + "\" is given twice"};
}

/// The same state, unless it names what the site of its topology does not have.
domain::result<domain::site_state>
of_these(const std::vector<std::shared_ptr<const domain::site>>& sites, domain::site_state state) {
  for (const auto& site : sites) {
    if (site->id != state.site || site->topology_hash != state.topology_hash) continue;
    auto valid = actors::validate(state, *site);
    if (!valid) return valid.failure();
  }
  return state;
}

/// Said by stations, monitors or drivers: what this node says itself is written as it is sent.
bool is_of_others(const domain::event& event) {
  return event.speaker != domain::speaker::central && event.speaker != domain::speaker::log;
}

} // namespace

domain::instant wall_clock() {
  return std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
}

engine::parts::parts(engine_settings settings, std::shared_ptr<messages::event_log> log,
                     std::shared_ptr<actors::engine_counters> counters)
    : settings_(std::move(settings)), log_(std::move(log)), counters_(std::move(counters)),
      group_(wall_clock()), board_(settings_.health_check_every) {
  if (!settings_.audit_dir.empty()) audit_.emplace(settings_.audit_dir);
}

engine::parts::~parts() { stop(); }

domain::result<void>
engine::parts::build(site_list sites) {
  auto opened = open_log();
  if (!opened) return opened;
  const auto states = read_states(sites);
  if (!states) return states.failure();
  std::set<domain::site_id> ids;
  for (const auto& site : sites)
    if (!ids.insert(site->id).second) return duplicate_site(site->id);
  views_ = std::make_shared<actors::view_store>(std::vector(ids.begin(), ids.end()));
  routes_ = std::make_shared<actors::route_table>();
  node_context_ = std::make_shared<actors::node_context>();
  node_context_->settings = settings_.node;
  node_context_->settings.name = settings_.name;
  if (!sites.empty()) node_context_->settings.supervision = sites.front()->supervision;
  node_context_->out = out_;
  node_context_->views = views_;
  node_context_->routes = routes_;
  node_context_->counters = counters_;
  node_context_->clock = wall_clock;
  for (auto& site : sites) build_site(std::move(site), states.value());
  const auto valid = validate(actors::engine_node_config{node_context_, sites_});
  if (!valid) return valid;
  runtime_ = std::make_unique<actor_runtime>(settings_.threads);
  return runtime_->check();
}

domain::result<void> engine::parts::open_log() {
  auto topics = log_->ensure_topics(messages::all_topics(settings_.partitions));
  if (!topics) return topics;
  auto producer = log_->producer();
  if (!producer) return producer.failure();
  out_ = std::make_shared<log_outbox>(std::move(producer.value()), counters_, settings_.console);
  refused_ = std::make_unique<messages::dead_letters>(out_->producer());
  messages::consumer_settings input;
  input.group = "busbar-engine";
  input.member = settings_.name;
  input.topics = {messages::telemetry_topic, messages::results_topic, messages::requests_topic};
  auto consumer = log_->consumer(std::move(input));
  if (!consumer) return consumer.failure();
  input_ = std::move(consumer.value());
  if (!settings_.with_journal) return {};
  messages::consumer_settings told;
  told.group = "busbar-journal-" + settings_.name;
  told.member = settings_.name;
  told.topics = {messages::events_topic, messages::sessions_topic};
  auto reader = log_->consumer(std::move(told));
  if (!reader) return reader.failure();
  journal_input_ = std::move(reader.value());
  return {};
}

domain::result<engine::parts::states_by_site> engine::parts::read_states(const site_list& sites) {
  auto records = log_->read_all(messages::sites_topic, changelog_patience);
  if (!records) return records.failure();
  states_by_site states;
  for (const auto& record : records.value()) {
    auto state = messages::decode_record(record, messages::decode_site_state);
    if (state) state = of_these(sites, std::move(state.value()));
    if (state) states.insert_or_assign(state.value().site, std::move(state.value()));
    else refuse(record, state.failure());
  }
  return states;
}

std::shared_ptr<actors::site_context>
engine::parts::make_context(std::shared_ptr<const domain::site> site, domain::epoch owner) const {
  auto context = std::make_shared<actors::site_context>(site::lay_out(std::move(site)), owner,
                                                        settings_.site);
  if (settings_.recorder_of)
    context->recording.to = settings_.recorder_of(context->layout->site->id);
  context->out = out_;
  context->views = views_;
  context->routes = routes_;
  context->counters = counters_;
  context->supervision = node_context_->supervision;
  context->silence_max = settings_.node.site_silence_max;
  return context;
}

void engine::parts::build_site(std::shared_ptr<const domain::site> site,
                               const states_by_site& states) {
  const auto known = states.find(site->id);
  const auto owner =
      known == states.end() ? domain::epoch{1} : domain::next_epoch(known->second.owner);
  files_[site->id] = site;
  if (known != states.end() && !known->second.configured.is_empty())
    site = with_configuration(site, known->second.configured);
  auto context = make_context(std::move(site), owner);
  const auto& layout = context->layout;
  routes_->add(layout->site->id, layout, owner, context->inbox);
  if (known != states.end()) restore(*context, known->second);
  // The first plan writes the new epoch into the changelog.
  context->desk.borrow()->claim();
  context->begin_recording(wall_clock(), true);
  sites_.push_back(std::move(context));
}

void engine::parts::restore(actors::site_context& context, const domain::site_state& state) {
  if (context.go_on(state, wall_clock())) return;
  // Every station counts as in its fallback until it acknowledges (LIM-3).
  publish(domain::events::state_not_carried({state.site, wall_clock()}, state.sessions.size(),
                                            state.node_constraints.size()));
}

void engine::parts::run() {
  keeper_ = std::make_unique<actors::node_keeper>(
      runtime_->system(), actors::engine_node_config{node_context_, sites_});
  ingest_ = std::make_unique<ingest>(routes_, counters_, *refused_);
  mind_place();
  pulse_thread_ = std::thread{[this] { pulse_loop(); }};
  ingest_thread_ = std::thread{[this] { ingest_loop(); }};
  journal_thread_ = std::thread{[this] { journal_loop(); }};
  static_cast<void>(board_.add(log_probe()));
  if (!settings_.audit_dir.empty())
    static_cast<void>(board_.add(audit_file::health_probe(settings_.audit_dir)));
}

void engine::parts::pulse_loop() {
  constexpr std::chrono::milliseconds period{1'000 / actors::engine_node_shell::slices};
  auto next = std::chrono::steady_clock::now();
  [[maybe_unused]] bool is_told = settings_.test_hang.empty();
  while (!shall_stop_.load(std::memory_order_relaxed)) {
    next += period;
    std::this_thread::sleep_until(next);
    keeper_->pulse(wall_clock());
    if constexpr (actors::has_test_doors)
      is_told = is_told || node_context_->supervision->doors.send(settings_.test_hang, never());
  }
}

void engine::parts::ingest_loop() {
  constexpr std::size_t records_max = 1'000;
  // Waking threads costs more than taking a batch: what comes within this time is taken together.
  constexpr std::chrono::milliseconds gather{4};
  std::map<messages::partition_id, std::int64_t> done;
  for (auto next = std::chrono::steady_clock::now(); !shall_stop_.load(std::memory_order_relaxed);
       std::this_thread::sleep_until(next)) {
    next = std::chrono::steady_clock::now() + gather;
    const auto records = input_->poll(records_max, std::chrono::milliseconds{20});
    mind_place();
    for (const auto& record : records) {
      ingest_->take(record, wall_clock());
      done[record.place] = record.offset;
    }
    for (const auto& [place, offset] : done) static_cast<void>(input_->commit(place, offset));
    done.clear();
    keep_reports();
    ingest_->take_waiting(wall_clock());
    hold_back(ingest_->in_flight());
    look_at_group();
  }
}

/// Another process may have this node's name: until that is settled this one commands nothing.
void engine::parts::mind_place() {
  out_->hold(!input_->is_in_place());
  group_.settle(input_->is_in_place());
}

void engine::parts::look_at_group() {
  constexpr std::chrono::milliseconds every{500};
  const auto now = wall_clock();
  const auto passed = now - looked_at_;
  if (passed < every && passed.count() >= 0) return;
  looked_at_ = now;
  group_.look(input_->assignment().size(), counters_->ingest.batches.value(), now);
  if (input_->is_in_place()) take_newer_epochs(now);
  for (const auto& id : views_->sites()) forget_fallbacks(id);
  auto statistics = input_->statistics();
  auto why = input_->ended();
  const std::unique_lock lock{guard_};
  input_statistics_ = std::move(statistics);
  if (!why || lost_) return;
  lost_ = std::move(why);
  if (settings_.on_lost) settings_.on_lost();
}

std::optional<domain::error> engine::parts::lost() const {
  const std::lock_guard lock{guard_};
  return lost_;
}

void engine::parts::hold_back(std::int64_t in_flight) {
  counters_->ingest.queue_depth.assign(static_cast<std::uint64_t>(std::max<std::int64_t>(
      in_flight, 0)));
  const bool is_full = in_flight > settings_.in_flight_max;
  const bool has_room = in_flight <= settings_.in_flight_max / 2;
  if (is_held_back_ ? !has_room : !is_full) return;
  std::vector<messages::partition_id> telemetry;
  for (auto& place : input_->assignment())
    if (place.topic == messages::telemetry_topic) telemetry.push_back(std::move(place));
  is_held_back_ = !is_held_back_;
  if (!is_held_back_) return input_->resume(telemetry);
  input_->pause(telemetry);
  counters_->ingest.pauses.add();
}

void engine::parts::journal_loop() {
  constexpr domain::seconds check_every{1};
  auto checked_at = wall_clock() - check_every;
  while (!shall_stop_journal_.load(std::memory_order_relaxed)) {
    read_journal();
    out_->retry();
    if (wall_clock() - checked_at < check_every) continue;
    checked_at = wall_clock();
    if (settings_.console) settings_.console->tell_withheld(checked_at);
    read_statistics();
  }
}

void engine::parts::read_journal() {
  constexpr std::chrono::milliseconds patience{50};
  if (!journal_input_) return std::this_thread::sleep_for(patience);
  for (const auto& record : journal_input_->poll(1'000, patience)) {
    counters_->publishing.journal_entries.add();
    if (record.place.topic == messages::events_topic) {
      auto event = messages::decode_record(record, messages::decode_event);
      if (event && audit_) static_cast<void>(audit_->add(event.value()));
      if (event && settings_.console && is_of_others(event.value()))
        settings_.console->write(event.value());
      if (event) journal_.add(std::move(event.value()));
      else refuse(record, event.failure());
    } else {
      auto fact = messages::decode_record(record, messages::decode_session_fact);
      if (fact) journal_.add(std::move(fact.value()));
      else refuse(record, fact.failure());
    }
  }
}

void engine::parts::refuse(const messages::record& record, const domain::error& why) {
  counters_->ingest.dead_letters.add(why.code);
  refused_->refuse(record, why, wall_clock());
}

void engine::parts::read_statistics() {
  auto statistics = out_->producer().statistics();
  statistics["kept"] = static_cast<double>(out_->kept());
  const std::lock_guard lock{guard_};
  statistics_ = std::move(statistics);
}

domain::health_probe engine::parts::log_probe() const {
  domain::health_probe probe;
  probe.name = "log";
  probe.is_critical = true;
  // Its protocol driver expects to hear of it this often, whatever the period of other checks.
  probe.every = std::chrono::seconds{1};
  probe.ask = [log = log_, routes = routes_]() -> domain::health_verdict {
    const auto began = wall_clock();
    const auto verdict = log->check();
    const auto ended = wall_clock();
    const std::string why = verdict ? "" : verdict.failure().message;
    if (const auto node = routes->node())
      caf::anon_send(node, actors::connection_report{"log", ended, verdict.has_value(),
                                                     ended - began, why});
    return {verdict.has_value(), verdict ? "answers" : why};
  };
  return probe;
}

domain::result<void> engine::parts::inject(const actors::fault_request& fault) {
  if (!settings_.allows_faults)
    return domain::error{domain::errc::forbidden,
                         "fault injection is off; busbar engine --allow-faults turns it on"};
  return send_direct(fault.site, fault.station,
                     {{}, domain::command_kind::simulate_fault, fault.kind, wall_clock()});
}

domain::result<void> engine::parts::send_direct(const domain::site_id& site,
                                                const domain::station_id& station,
                                                actors::direct_order order) const {
  const auto routes = routes_->find(site);
  if (!routes) return unknown_site(site);
  const auto& stations = routes->layout->site->stations;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    if (stations[i].id != station) continue;
    if (routes->traffic != actors::site_traffic::flows) return is_under_way();
    const auto& feeder = routes->feeders[routes->layout->stations[i].bay];
    if (!feeder) return not_controlling();
    order.station = domain::station_index{i};
    caf::anon_send(feeder, order);
    return {};
  }
  return unknown_station(station, site);
}

domain::result<void> engine::parts::order(const domain::site_id& site,
                                          const domain::operator_order& order,
                                          const domain::cause& by) {
  for (;;) {
    const auto routes = routes_->find(site);
    if (!routes) return unknown_site(site);
    if (!routes->site && routes->traffic == actors::site_traffic::flows) return not_controlling();
    const auto now = wall_clock();
    auto verdict = control::operators::check(*routes->layout->site, order, now);
    if (!verdict) return verdict;
    // A closed inbox is one that has been replaced, and its routes with it.
    if (!routes->inbox->put({order, now, by})) continue;
    if (routes->site) caf::anon_send(routes->site, actors::mail_waits{now});
    return {};
  }
}

std::optional<domain::fallback_load>
engine::parts::what_remains(const domain::site_id& site,
                            const domain::node_constraint& order) const {
  const auto routes = routes_->find(site);
  if (!routes || order.node.value() >= routes->layout->site->nodes.size()) return std::nullopt;
  return control::operators::what_remains(*routes->layout->site, order);
}

domain::result<void> engine::parts::reload(const domain::site_id& id) {
  const std::lock_guard one_at_a_time{reloading_};
  const auto found = changeable(id);
  if (!found) return found.failure();
  if (!settings_.read_site)
    return domain::error{domain::errc::conflict,
                         "site: \"" + id.text() + "\" was not read from a file"};
  auto read = settings_.read_site(id);
  if (!read) return read.failure();
  const auto& now = *(*found.value())->layout->site;
  const auto& file = *read.value();
  if (file.id != now.id)
    return domain::error{domain::errc::conflict,
                         "site: the file is of \"" + file.id.text() + "\": restart the engine"};
  auto next = read.value();
  if (now.configured) next = with_configuration(next, *now.configured);
  if (next->revision == now.revision) return {};
  files_[id] = read.value();
  put_in_place(found.value(), std::move(next));
  return {};
}

std::vector<actors::health_check> engine::parts::health() const {
  const auto began = wall_clock();
  std::size_t silent = 0;
  const std::lock_guard lock{guard_};
  for (const auto& site : sites_) {
    const auto us = site->alive_at_us.load(std::memory_order_relaxed);
    const domain::instant alive_at{domain::microseconds{us}};
    if (began - alive_at > settings_.node.site_silence_max) ++silent;
  }
  actors::health_check sites{"sites", true, silent == 0, "", wall_clock() - began};
  sites.message = std::to_string(sites_.size() - silent) + " of " + std::to_string(sites_.size()) +
                  " sites tick";
  auto all = board_.results();
  all.push_back(std::move(sites));
  all.push_back(check_actors());
  for (auto& check : group_.checks(began)) all.push_back(std::move(check));
  return all;
}

actors::health_check engine::parts::check_actors() const {
  const auto began = wall_clock();
  const auto& context = *node_context_;
  const auto stuck = context.supervision->condemned->since(began - context.settings.ends_within);
  actors::health_check check{"actors", true, stuck.empty(), "", wall_clock() - began};
  check.message = stuck.empty() ? "all end when they are told to"
                                : stuck.front().name + " never returns; restart the engine";
  if (stuck.size() > 1) check.message += " (and " + std::to_string(stuck.size() - 1) + " more)";
  return check;
}

messages::log_statistics engine::parts::log_statistics() const {
  const std::lock_guard lock{guard_};
  auto all = statistics_;
  // What only a consumer reports; names that both report stay the producer's.
  all.insert(input_statistics_.begin(), input_statistics_.end());
  return all;
}

void engine::parts::stop() {
  shall_stop_ = true;
  board_.stop();
  for (auto* thread : {&pulse_thread_, &ingest_thread_})
    if (thread->joinable()) thread->join();
  if (keeper_) keeper_->stop();
  if (routes_) routes_->place(actors::engine_node_actor{});
  ingest_.reset();
  await_actors();
  shall_stop_journal_ = true;
  if (journal_thread_.joinable()) journal_thread_.join();
  // The process that took the name over has written newer states than these.
  if (runtime_ && !lost()) say_farewell();
  // Leaves its groups: a successor of the same name may join them.
  input_.reset();
  journal_input_.reset();
  // Handles go before the system that they belong to.
  if (routes_) routes_->release();
  keeper_.reset();
  // A system whose actors do not end waits for them for ever: it is left to the process's end.
  if (left_behind_.empty()) runtime_.reset();
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
  for (const auto& actor : node_context_->supervision->condemned->since(wall_clock()))
    left_behind_ += (left_behind_.empty() ? "" : ", ") + actor.name;
  if (left_behind_.empty()) left_behind_ = std::to_string(registry.running()) + " actors";
}

void engine::parts::say_farewell() {
  for (const auto& own : sites_) {
    // A site that was about to go on under another file: its state is still with the one before.
    const auto& site = own->predecessor ? own->predecessor : own;
    const auto desk = site->desk.borrow();
    // An actor that never returned keeps it: the newest state in the log stands.
    if (!desk) continue;
    desk->claim();
    site->obey(site->inbox->take(), *desk);
    const auto state = desk->changelog(site->terms.owner, wall_clock());
    if (state) static_cast<void>(out_->send(*state));
  }
  static_cast<void>(out_->flush(std::chrono::milliseconds{1'000}));
}

} // namespace busbar::apps
