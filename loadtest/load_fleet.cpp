#include "loadtest/load_fleet.hpp"

#include "control/ownership/last_fence.hpp"
#include "loadtest/load_site.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "simulator/crowd.hpp"

#include <algorithm>
#include <ctime>
#include <map>
#include <string_view>
#include <unordered_map>

namespace busbar::loadtest {

namespace {

using domain::instant;
using domain::microseconds;

constexpr std::size_t records_at_once = 512;
constexpr microseconds listen_at_most{std::chrono::milliseconds{5}};
/// What is due within it is sent together, or the fleet would wake once for each batch.
constexpr microseconds round_min{std::chrono::milliseconds{1}};

instant system_now() {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

std::int64_t thread_cpu_us() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return std::int64_t{spent.tv_sec} * 1'000'000 + spent.tv_nsec / 1'000;
}

} // namespace

struct load_fleet::crowd_state {
  crowd_state(const std::vector<std::shared_ptr<const domain::site>>& sites, std::uint64_t seed)
      : crowd(sites, seed), plugged_at(sites.size()), is_plugged(sites.size(), false) {
    for (std::size_t i = 0; i < sites.size(); ++i) {
      numbers.emplace(sites[i]->id.text(), i);
      crowd.plug(i, probe, false);
      for (std::size_t c = 1; c < sites[i]->connectors.size(); ++c)
        crowd.plug(i, domain::connector_index{c}, true);
    }
  }
  simulator::crowd crowd;
  std::unordered_map<std::string, std::size_t> numbers;
  /// By partition of the commands.
  std::map<std::int32_t, control::ownership::last_fence> fences;
  /// When the probe's vehicle that still waits for its grant came.
  std::vector<std::optional<instant>> plugged_at;
  std::vector<bool> is_plugged;
};

load_fleet::load_fleet(fleet_load load, std::unique_ptr<ports::log_producer> producer,
                       std::unique_ptr<ports::log_consumer> consumer)
    : load_(std::move(load)), producer_(std::move(producer)), consumer_(std::move(consumer)),
      crowd_(std::make_unique<crowd_state>(load_.sites, load_.seed)) {}

load_fleet::~load_fleet() { stop(); }

bool load_fleet::subscribe(microseconds patience) {
  const auto deadline = system_now() + patience;
  while (consumer_->assignment().empty() && system_now() < deadline) listen(listen_at_most);
  return !consumer_->assignment().empty();
}

void load_fleet::start() {
  began_ = system_now();
  thread_ = std::thread{[this] { run(); }};
}

void load_fleet::stop() {
  shall_stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void load_fleet::run() {
  while (!shall_stop_) {
    const auto now = system_now();
    send_due(now);
    const auto due = next_due();
    listen(std::clamp(*due - system_now(), microseconds{0}, listen_at_most));
    const auto left = round_min - (system_now() - now);
    const bool is_behind = *next_due() <= system_now();
    // A clock that is set back makes no pause longer.
    if (!is_behind) std::this_thread::sleep_for(std::min(left, round_min));
    figures_.behind_us = std::max<std::int64_t>((system_now() - *due).count(), 0);
    figures_.cpu_us = thread_cpu_us();
  }
  (void)producer_->flush(std::chrono::seconds{1});
}

std::optional<instant> load_fleet::next_due() const {
  const auto sites = static_cast<std::int64_t>(load_.sites.size());
  const auto round = static_cast<std::int64_t>(sent_) / sites;
  const auto place = static_cast<std::int64_t>(sent_) % sites;
  return began_ + load_.period * round + load_.period * place / sites;
}

void load_fleet::send_due(instant now) {
  // Commands are heard at least every 64 batches, however far behind the schedule is.
  for (int batches = 0; batches < 64; ++batches) {
    const auto due = *next_due();
    if (due > now || !send(sent_ % load_.sites.size(), due)) return;
    ++sent_;
  }
}

void load_fleet::toggle(std::size_t number, instant due) {
  const auto periods = std::max<std::int64_t>(load_.toggle_every / load_.period, 1);
  const auto round = static_cast<std::int64_t>(sent_ / load_.sites.size());
  if ((round + static_cast<std::int64_t>(number)) % periods != 0) return;
  const bool is_there = !crowd_->is_plugged[number];
  crowd_->is_plugged[number] = is_there;
  crowd_->crowd.plug(number, probe, is_there);
  crowd_->plugged_at[number] = is_there ? std::optional{due} : std::nullopt;
}

bool load_fleet::send(std::size_t number, instant due) {
  toggle(number, due);
  auto bytes = crowd_->crowd.read_bytes(number, due);
  const auto& site = *load_.sites[number];
  while (!shall_stop_) {
    if (producer_->publish(messages::telemetry_topic, site.id.text(), bytes)) {
      figures_.readings += site.connectors.size();
      ++figures_.batches;
      return true;
    }
    ++figures_.refused;
    listen(std::chrono::milliseconds{1});
  }
  return false;
}

void load_fleet::listen(microseconds patience) {
  for (const auto& record : consumer_->poll(records_at_once, patience)) hear(record);
}

void load_fleet::hear(const ports::record& record) {
  auto& fences = crowd_->fences[record.place.partition];
  if (messages::is_fence(record)) return fences.read(record.offset);
  const auto found = crowd_->numbers.find(record.key);
  const auto batch = messages::decode_record(record, messages::decode_commands);
  if (found == crowd_->numbers.end() || !batch) {
    ++figures_.unreadable;
    return;
  }
  if (!fences.admits(messages::fence_named_by(record))) {
    ++figures_.unfenced;
    return;
  }
  const auto number = found->second;
  const auto now = system_now();
  const bool had_grant = !crowd_->crowd.granted(number, probe).is_zero();
  const auto& answers = crowd_->crowd.obey(number, batch.value(), now);
  figures_.commands += batch.value().commands.size();
  const bool has_grant = !crowd_->crowd.granted(number, probe).is_zero();
  auto& waiting = crowd_->plugged_at[number];
  if (waiting && has_grant && !had_grant) {
    if (is_measuring_) latencies_.add(now - *waiting);
    waiting.reset();
  }
  const auto granted = [&](domain::connector_index c) { return crowd_->crowd.granted(number, c); };
  if (!holds_limits(load_.sites[number]->stations.size(), granted)) ++figures_.limits_exceeded;
  if (!producer_->publish(messages::results_topic, record.key, messages::encode(answers)))
    ++figures_.refused;
}

} // namespace busbar::loadtest
