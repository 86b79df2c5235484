#include "adapters/embedded/embedded_log.hpp"

#include "adapters/embedded/embedded_consumer.hpp"
#include "adapters/embedded/log_state.hpp"

#include <utility>

namespace busbar::adapters::embedded {

namespace {

domain::error no_such_topic(const std::string& name) {
  return {domain::errc::unknown_reference, "there is no topic '" + name + "'"};
}

class embedded_producer : public ports::log_producer {
public:
  explicit embedded_producer(std::shared_ptr<log_state> state) : state_(std::move(state)) {}

  domain::result<void> publish(const std::string& name, const std::string& key,
                               ports::shared_bytes value,
                               ports::acknowledgement then) override {
    topic* to = state_->find(name);
    if (to == nullptr) return no_such_topic(name);
    if (value != nullptr && value->size() > to->settings.record_bytes_max)
      return domain::error{domain::errc::too_large,
                           "a record for " + name + " has " + std::to_string(value->size()) +
                               " bytes, at most " + std::to_string(to->settings.record_bytes_max) +
                               " are allowed"};
    const auto place = ports::partition_of(key, to->settings.partitions);
    const auto offset = to->partitions[static_cast<std::size_t>(place)]->append(
        key, std::move(value), state_->now());
    if (!offset) return offset.failure();
    if (then) then(std::pair{ports::partition_id{name, place}, offset.value()});
    return {};
  }

  domain::result<void> flush(domain::microseconds) override { return {}; }

  ports::log_statistics statistics() const override { return state_->statistics(); }

private:
  std::shared_ptr<log_state> state_;
};

class embedded_log : public ports::event_log {
public:
  explicit embedded_log(embedded_log_settings settings)
      : state_(std::make_shared<log_state>(std::move(settings))) {}

  domain::result<void> ensure_topics(const std::vector<ports::topic_settings>& topics) override {
    for (const auto& settings : topics)
      if (settings.name.empty() || settings.partitions < 1)
        return domain::error{domain::errc::out_of_range,
                             "topic '" + settings.name + "' with " +
                                 std::to_string(settings.partitions) +
                                 " partitions: it needs a name and at least 1 partition"};
    for (const auto& settings : topics) state_->add_topic(settings);
    state_->rebalance_groups();
    return {};
  }

  domain::result<std::unique_ptr<ports::log_producer>> producer() override {
    return std::unique_ptr<ports::log_producer>(std::make_unique<embedded_producer>(state_));
  }

  domain::result<std::unique_ptr<ports::log_consumer>>
  consumer(ports::consumer_settings settings) override {
    return make_embedded_consumer(state_, std::move(settings));
  }

  domain::result<std::int32_t> partitions(const std::string& name) override {
    topic* of = state_->find(name);
    if (of == nullptr) return no_such_topic(name);
    return of->settings.partitions;
  }

  domain::result<std::vector<ports::record>> read_all(const std::string& name,
                                                         domain::microseconds) override {
    topic* from = state_->find(name);
    if (from == nullptr) return no_such_topic(name);
    std::vector<ports::record> records;
    for (const auto& part : from->partitions) part->read_all(state_->now(), records);
    return records;
  }

  domain::result<ports::read_span>
  read_from(const std::map<ports::partition_id, std::optional<std::int64_t>>& places,
            domain::microseconds) override {
    ports::read_span span;
    for (const auto& [place, from] : places) {
      topic* of = state_->find(place.topic);
      if (of == nullptr || place.partition < 0 || place.partition >= of->settings.partitions)
        return no_such_topic(place.topic);
      auto& part = *of->partitions[static_cast<std::size_t>(place.partition)];
      span.ends[place] = part.read_from(from, state_->now(), span.records);
    }
    return span;
  }

  /// None waits.
  void end_reads() override {}

  domain::result<void> check() override { return {}; }

private:
  std::shared_ptr<log_state> state_;
};

} // namespace

domain::instant system_now() {
  return std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
}

std::shared_ptr<ports::event_log> make_embedded_log(embedded_log_settings settings) {
  return std::make_shared<embedded_log>(std::move(settings));
}

} // namespace busbar::adapters::embedded
