#include "adapters/embedded/embedded_consumer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::adapters::embedded {

namespace {

using ports::partition_id;

class embedded_consumer : public ports::log_consumer {
public:
  embedded_consumer(std::shared_ptr<log_state> state, ports::consumer_settings settings)
      : state_(std::move(state)), settings_(std::move(settings)),
        group_(state_->group(settings_.group)) {
    if (settings_.member.empty()) settings_.member = state_->new_member_name();
  }

  ~embedded_consumer() override { go(); }

  domain::result<void> join() {
    auto joined = group_.join(settings_.member, settings_.topics, &waker_, state_->sizes());
    has_joined_ = joined.has_value();
    return joined;
  }

  std::vector<ports::record> poll(std::size_t records_max,
                                     domain::microseconds patience) override {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::vector<ports::record> records;
    while (true) {
      waker_.clear();
      follow_group();
      collect(records_max, records);
      if (!records.empty() || !waker_.wait_until(deadline)) return records;
    }
  }

  domain::result<void> commit(const partition_id& place, std::int64_t offset) override {
    const auto found = parts_.find(place);
    if (found == parts_.end())
      return domain::error{domain::errc::conflict, "'" + settings_.member + "' does not read " +
                                                       place.topic + "/" +
                                                       std::to_string(place.partition)};
    state_->commit(settings_.group, place, offset + 1);
    return {};
  }

  void pause(const std::vector<partition_id>& places) override { set_paused(places, true); }
  void resume(const std::vector<partition_id>& places) override { set_paused(places, false); }

  std::vector<partition_id> assignment() const override {
    std::vector<partition_id> places;
    for (const auto& [place, part] : parts_) places.push_back(place);
    return places;
  }

  ports::log_statistics statistics() const override {
    double lag = 0;
    double paused = 0;
    for (const auto& [place, part] : parts_) {
      lag += static_cast<double>(part.from->end() - part.position);
      paused += part.is_paused ? 1 : 0;
    }
    return {{"consumed_total", static_cast<double>(consumed_)},
            {"consumed_bytes_total", static_cast<double>(consumed_bytes_)},
            {"rebalances_total", static_cast<double>(rebalances_)},
            {"assigned_partitions", static_cast<double>(parts_.size())},
            {"paused_partitions", paused},
            {"lag_records", lag}};
  }

  void stand_aside(bool is_aside) override {
    if (!has_joined_) return;
    const auto topics = is_aside ? std::vector<std::string>{} : settings_.topics;
    group_.change_topics(settings_.member, topics, state_->sizes());
  }

  void leave(domain::microseconds) override {
    const auto places = assignment();
    if (settings_.on_rebalance.revoked && !places.empty()) settings_.on_rebalance.revoked(places);
    go();
  }

private:
  struct assigned_partition {
    partition* from = nullptr;
    std::int64_t position = 0;
    bool is_paused = false;
  };

  void go() {
    if (!std::exchange(has_joined_, false)) return;
    for (auto& [place, part] : parts_) part.from->detach(settings_.group);
    parts_.clear();
    group_.leave(settings_.member, state_->sizes());
  }

  void follow_group() {
    if (!has_joined_ || group_.generation() == generation_seen_) return;
    generation_seen_ = group_.generation();
    if (const auto lost = group_.unwanted(settings_.member); !lost.empty()) let_go(lost);
    if (const auto gained = group_.take(settings_.member); !gained.empty()) take(gained);
  }

  void let_go(const std::vector<partition_id>& places) {
    ++rebalances_;
    // The owner may still commit while it is told.
    const auto all = with_alongside(places, settings_);
    if (settings_.on_rebalance.revoked) settings_.on_rebalance.revoked(all);
    for (const auto& place : all) {
      parts_.at(place).from->detach(settings_.group);
      parts_.erase(place);
    }
    group_.release(places);
  }

  void take(const std::vector<partition_id>& places) {
    ++rebalances_;
    const auto all = with_alongside(places, settings_);
    for (const auto& place : all) {
      partition& from = state_->at(place);
      parts_[place] = {&from, from.attach(settings_.group, settings_.from_beginning, &waker_),
                       false};
    }
    if (settings_.on_rebalance.assigned) settings_.on_rebalance.assigned(all);
  }

  /// Begins behind the partition that was read last, so that a busy one does not starve others.
  void collect(std::size_t records_max, std::vector<ports::record>& records) {
    auto next = parts_.upper_bound(last_read_);
    for (std::size_t left = parts_.size(); left > 0 && records.size() < records_max; --left) {
      if (next == parts_.end()) next = parts_.begin();
      read_from(next->first, next->second, records_max - records.size(), records);
      ++next;
    }
  }

  void read_from(const partition_id& place, assigned_partition& part, std::size_t records_max,
                 std::vector<ports::record>& records) {
    if (part.is_paused || part.position == part.from->end()) return;
    const std::size_t before = records.size();
    part.position =
        part.from->read(settings_.group, part.position, records_max, state_->now(), records);
    for (std::size_t at = before; at < records.size(); ++at)
      consumed_bytes_ += records[at].value ? records[at].value->size() : 0;
    consumed_ += records.size() - before;
    last_read_ = place;
  }

  void set_paused(const std::vector<partition_id>& places, bool is_paused) {
    for (const auto& place : places) {
      const auto found = parts_.find(place);
      if (found == parts_.end()) continue;
      found->second.is_paused = is_paused;
      found->second.from->set_waker(settings_.group, is_paused ? nullptr : &waker_);
    }
  }

  std::shared_ptr<log_state> state_;
  ports::consumer_settings settings_;
  consumer_group& group_;
  waker waker_;
  bool has_joined_ = false;
  std::uint64_t generation_seen_ = 0;
  std::map<partition_id, assigned_partition> parts_;
  partition_id last_read_;
  std::uint64_t consumed_ = 0;
  std::uint64_t consumed_bytes_ = 0;
  std::uint64_t rebalances_ = 0;
};

} // namespace

domain::result<std::unique_ptr<ports::log_consumer>>
make_embedded_consumer(std::shared_ptr<log_state> state, ports::consumer_settings settings) {
  auto consumer = std::make_unique<embedded_consumer>(std::move(state), std::move(settings));
  if (auto joined = consumer->join(); !joined) return joined.failure();
  return std::unique_ptr<ports::log_consumer>(std::move(consumer));
}

} // namespace busbar::adapters::embedded
