#include "adapters/kafka/kafka_consumer.hpp"

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/name_claim.hpp"
#include "adapters/kafka/record_reader.hpp"
#include "adapters/kafka/share_request.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace busbar::adapters::kafka {

namespace {

using ports::partition_id;
using ports::with_alongside;
using message_pointer = std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)>;
using list_pointer = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                     decltype(&rd_kafka_topic_partition_list_destroy)>;
using error_pointer = std::unique_ptr<rd_kafka_error_t, decltype(&rd_kafka_error_destroy)>;
using std::chrono::steady_clock;

constexpr std::int64_t heartbeat_ms_max = 500;

properties consumer_properties(const kafka_settings& settings,
                               const ports::consumer_settings& consumer) {
  const auto session_ms = std::chrono::milliseconds{settings.session_timeout}.count();
  properties all{{"bootstrap.servers", settings.bootstrap},
                 {"client.id", settings.client_id},
                 {"group.id", consumer.group},
                 {"partition.assignment.strategy", "cooperative-sticky"},
                 {"session.timeout.ms", std::to_string(session_ms)},
                 // Members hear of a new share of partitions with their next heartbeat.
                 {"heartbeat.interval.ms",
                  std::to_string(std::min<std::int64_t>(session_ms / 4, heartbeat_ms_max))},
                 {"enable.auto.commit", "true"},
                 {"auto.commit.interval.ms", "500"},
                 {"enable.auto.offset.store", "false"},
                 {"auto.offset.reset", consumer.from_beginning ? "earliest" : "latest"},
                 {"queued.max.messages.kbytes", std::to_string(settings.fetched_bytes_max / 1'024)},
                 {"fetch.message.max.bytes", "8388608"},
                 // Few large answers instead of one for each record, at most 20 ms later.
                 {"fetch.min.bytes", "131072"},
                 {"fetch.wait.max.ms", "20"},
                 {"reconnect.backoff.ms", "50"},
                 {"reconnect.backoff.max.ms", "1000"},
                 {"topic.metadata.refresh.interval.ms", "2000"},
                 {"statistics.interval.ms", "2000"}};
  if (!consumer.member.empty()) all.emplace_back("group.instance.id", consumer.member);
  return all;
}

list_pointer list_of(const std::vector<partition_id>& places) {
  list_pointer list(rd_kafka_topic_partition_list_new(static_cast<int>(places.size())),
                    rd_kafka_topic_partition_list_destroy);
  for (const auto& place : places)
    rd_kafka_topic_partition_list_add(list.get(), place.topic.c_str(), place.partition);
  return list;
}

std::vector<partition_id> places_of(const rd_kafka_topic_partition_list_t& list) {
  std::vector<partition_id> places;
  for (int at = 0; at < list.cnt; ++at)
    places.push_back({list.elems[at].topic, list.elems[at].partition});
  return places;
}

/// Without those of a topic that is read alongside, and named to the group for another reason.
std::vector<partition_id> own_places_of(const rd_kafka_topic_partition_list_t& list,
                                        const ports::consumer_settings& consumer) {
  auto places = places_of(list);
  std::erase_if(places, [&](const auto& each) {
    return std::ranges::find(consumer.topics, each.topic) == consumer.topics.end();
  });
  return places;
}

/// From what the last fetch told of the partition's end; asks no broker.
std::int64_t lag_of(rd_kafka_t* client, const partition_id& place,
                    std::optional<std::int64_t> position) {
  std::int64_t first = 0;
  std::int64_t end = 0;
  rd_kafka_get_watermark_offsets(client, place.topic.c_str(), place.partition, &first, &end);
  return position && end > *position ? end - *position : 0;
}

void go_on_where_it_was(rd_kafka_topic_partition_list_t& list,
                        const std::map<partition_id, std::int64_t>& uncommitted) {
  for (int at = 0; at < list.cnt; ++at) {
    auto& each = list.elems[at];
    const auto found = uncommitted.find({each.topic, each.partition});
    if (found != uncommitted.end()) each.offset = found->second;
  }
}

/// A partition of which the group has committed nothing is read from its end, which the client
/// looks up a moment after it was assigned: what is published in between would be missed. What is
/// read alongside begins at its first record instead; the owner knows how far it has read before.
void begin_alongside_at_the_first(rd_kafka_t* client, rd_kafka_topic_partition_list_t& list,
                                  const ports::consumer_settings& consumer) {
  const list_pointer asked(rd_kafka_topic_partition_list_new(list.cnt),
                           rd_kafka_topic_partition_list_destroy);
  for (int at = 0; at < list.cnt; ++at) {
    const auto& each = list.elems[at];
    const bool is_alongside = std::ranges::find(consumer.alongside, std::string{each.topic}) !=
                              consumer.alongside.end();
    if (is_alongside && each.offset == RD_KAFKA_OFFSET_INVALID)
      rd_kafka_topic_partition_list_add(asked.get(), each.topic, each.partition);
  }
  constexpr int wait_ms = 1'000;
  if (asked->cnt == 0 || rd_kafka_committed(client, asked.get(), wait_ms) != 0) return;
  for (int at = 0; at < asked->cnt; ++at) {
    const auto& each = asked->elems[at];
    if (each.err != 0 || each.offset != RD_KAFKA_OFFSET_INVALID) continue;
    rd_kafka_topic_partition_list_find(&list, each.topic, each.partition)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
}

/// librdkafka does not join anew with a topic that it must ask a broker for first: it lets go of
/// what it has, and stays.
void look_up(rd_kafka_t* client, const std::string& name, std::chrono::milliseconds patience) {
  const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> topic(
      rd_kafka_topic_new(client, name.c_str(), nullptr), rd_kafka_topic_destroy);
  const rd_kafka_metadata_t* found = nullptr;
  const int wait_ms = static_cast<int>(patience.count());
  if (topic != nullptr && rd_kafka_metadata(client, 0, topic.get(), &found, wait_ms) == 0)
    rd_kafka_metadata_destroy(found);
}

/// Between two looks at the clock while a member leaves.
constexpr int poll_ms = 50;
/// Between two tries to join again.
constexpr std::chrono::seconds rejoin_pause{1};
/// In answer time-outs: a broker may stand still while a member starts, and one that has just made
/// its first topics has no coordinator for some seconds.
constexpr int claim_patience = 12;
/// For the answer to which process has the name, or where a topic is.
constexpr std::chrono::seconds look_patience{1};
/// For the last commit and the way out of the group; what it commits is read again at worst.
constexpr std::chrono::milliseconds farewell_patience{500};

struct consumer_counts {
  std::uint64_t rejoins = 0;
  std::uint64_t consumed = 0;
  std::uint64_t consumed_bytes = 0;
  std::uint64_t rebalances = 0;
};

struct assigned_partition {
  std::optional<std::int64_t> position;
  std::optional<std::int64_t> done;
  bool is_paused = false;
};

using assigned_parts = std::map<partition_id, assigned_partition>;

void mark_paused(assigned_parts& parts, const std::vector<partition_id>& places, bool is_paused) {
  for (const auto& place : places)
    if (const auto found = parts.find(place); found != parts.end())
      found->second.is_paused = is_paused;
}

class kafka_consumer : public ports::log_consumer {
public:
  kafka_consumer(kafka_settings settings, ports::consumer_settings consumer)
      : settings_(std::move(settings)), consumer_(std::move(consumer)) {
    target_.owner = this;
    if (!consumer_.member.empty()) claim_.emplace(settings_, consumer_);
  }

  ~kafka_consumer() override {
    stage_ = stage::closing;
    // A client that failed for good has nothing to hand over.
    const auto on_farewell = [this](int code, rd_kafka_topic_partition_list_t& list) {
      on_rebalance(client_.get(), static_cast<rd_kafka_resp_err_t>(code), &list, &target_);
    };
    if (client_ != nullptr && !is_out_ && !ended_)
      say_farewell(client_.get(), farewell_patience, on_farewell);
    end_consumer(std::move(client_), share_.has_been_given());
  }

  domain::result<void> open() {
    // Before it joins, which fences the process that has the name: that one asks which was later.
    if (claim_)
      if (auto claimed = claim_->write(claim_patience * settings_.answer_timeout); !claimed)
        return claimed;
    auto made = make_client();
    if (!made) return made;
    return subscribe(named_topics::own);
  }

  std::optional<domain::error> ended() const override { return ended_; }
  bool is_in_place() const override { return is_in_place_; }

  std::vector<ports::record> poll(std::size_t records_max,
                                     domain::microseconds patience) override {
    const auto deadline = steady_clock::now() + patience;
    std::vector<ports::record> records;
    keep_place();
    if (is_out_ || ended_) {
      std::this_thread::sleep_until(std::min(deadline, steady_clock::now() + rejoin_pause));
      return records;
    }
    while (records.size() < records_max && !is_out_) {
      const auto left = std::chrono::duration_cast<domain::microseconds>(
          deadline - steady_clock::now());
      const message_pointer message(
          rd_kafka_consumer_poll(client_.get(), records.empty() ? milliseconds_of(left) : 0),
          rd_kafka_message_destroy);
      if (message != nullptr && message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        take(*message, records);
      else if (message != nullptr)
        take_error(*message);
      else if (!records.empty() || left.count() <= 0)
        break;
    }
    // Not every fatal error comes as a message.
    if (!is_out_ && rd_kafka_fatal_error(client_.get(), nullptr, 0) != 0) fall_out();
    if (const auto named = is_out_ ? std::nullopt : share_.take_next(steady_clock::now()))
      static_cast<void>(subscribe(*named));
    return records;
  }

  domain::result<void> commit(const partition_id& place, std::int64_t offset) override {
    const auto found = parts_.find(place);
    if (found == parts_.end())
      return domain::error{domain::errc::conflict, "this member does not read " + place.topic +
                                                       "/" + std::to_string(place.partition)};
    found->second.done = done_after(found->second.done, offset);
    const list_pointer list = list_of({place});
    list->elems[0].offset = *found->second.done;
    if (const int code = rd_kafka_offsets_store(client_.get(), list.get()))
      return error_of(code, "kafka: committing " + place.topic, target_.reports);
    return {};
  }

  void pause(const std::vector<partition_id>& places) override {
    if (client_ == nullptr) return;
    rd_kafka_pause_partitions(client_.get(), list_of(places).get());
    mark_paused(parts_, places, true);
  }
  void resume(const std::vector<partition_id>& places) override {
    if (client_ == nullptr) return;
    rd_kafka_resume_partitions(client_.get(), list_of(places).get());
    mark_paused(parts_, places, false);
  }

  std::vector<partition_id> assignment() const override {
    std::vector<partition_id> places;
    for (const auto& [place, part] : parts_) places.push_back(place);
    return places;
  }

  ports::log_statistics statistics() const override {
    double lag = 0;
    double paused = 0;
    for (const auto& [place, part] : parts_) {
      lag += static_cast<double>(lag_of(client_.get(), place, part.position));
      paused += part.is_paused ? 1 : 0;
    }
    const auto bytes = static_cast<double>(counts_.consumed_bytes);
    ports::log_statistics all{{"consumed_total", static_cast<double>(counts_.consumed)},
                                 {"consumed_bytes_total", bytes},
                                 {"rebalances_total", static_cast<double>(counts_.rebalances)},
                                 {"rejoins_total", static_cast<double>(counts_.rejoins)},
                                 {"assigned_partitions", static_cast<double>(parts_.size())},
                                 {"paused_partitions", paused},
                                 {"lag_records", lag}};
    target_.reports.add_to(all);
    return all;
  }

  void stand_aside(bool is_aside) override {
    stage_ = is_aside ? stage::aside : stage::reading;
    share_.begin_anew();
    if (client_ != nullptr && !is_out_ && !ended_) static_cast<void>(subscribe(named_topics::own));
  }

  void leave(domain::microseconds patience) override {
    const bool can_hand_over = client_ != nullptr && !is_out_ && !ended_ && !parts_.empty();
    if (!can_hand_over || consumer_.alongside.empty()) return;
    const auto deadline = steady_clock::now() + patience;
    // A static member does not leave its group: it joins again without what it has read, and the
    // group shares that out at once. Until it is missed it holds a topic that is not shared out.
    stage_ = stage::leaving;
    look_up(client_.get(), consumer_.alongside.front(), look_patience);
    const auto other = list_of({{consumer_.alongside.front(), RD_KAFKA_PARTITION_UA}});
    if (rd_kafka_subscribe(client_.get(), other.get())) return;
    while (stage_ != stage::left && steady_clock::now() < deadline) {
      const message_pointer ignored(rd_kafka_consumer_poll(client_.get(), poll_ms),
                                    rd_kafka_message_destroy);
      if (rd_kafka_fatal_error(client_.get(), nullptr, 0) != 0) return;
    }
  }

private:
  domain::result<void> make_client() {
    client_configuration configuration(target_);
    rd_kafka_conf_set_rebalance_cb(configuration.raw(), on_rebalance);
    auto own = consumer_properties(settings_, consumer_);
    auto set = configuration.set(with_further(std::move(own), settings_));
    if (!set) return set;
    auto made = configuration.make(client_kind::consumer);
    if (!made) return made.failure();
    client_ = std::move(made.value());
    share_ = share_request{!consumer_.member.empty() && !consumer_.alongside.empty()};
    return {};
  }

  domain::result<void> subscribe(named_topics named) {
    rd_kafka_poll_set_consumer(client_.get());
    std::vector<partition_id> topics;
    if (stage_ != stage::aside)
      for (const auto& topic : consumer_.topics) topics.push_back({topic, RD_KAFKA_PARTITION_UA});
    // One that stands aside names what is read alongside only, which is not shared out.
    const bool names_another = stage_ == stage::aside || named == named_topics::own_and_another;
    if (names_another && !consumer_.alongside.empty()) {
      look_up(client_.get(), consumer_.alongside.front(), look_patience);
      topics.push_back({consumer_.alongside.front(), RD_KAFKA_PARTITION_UA});
    }
    const int code = topics.empty() ? rd_kafka_unsubscribe(client_.get())
                                    : rd_kafka_subscribe(client_.get(), list_of(topics).get());
    if (code != 0)
      return error_of(code, "kafka: joining the group " + consumer_.group, target_.reports);
    is_out_ = false;
    return {};
  }

  /// Joins again after what librdkafka does not recover from, or ends. Costs nothing while all is
  /// well. A client that has not failed comes back by itself.
  void keep_place() {
    if (ended_ || !is_out_) return;
    end_consumer(std::move(client_), share_.has_been_given());
    if (steady_clock::now() < look_again_at_) return;
    look_again_at_ = steady_clock::now() + rejoin_pause;
    const auto seen = claim_ ? claim_->look(look_patience) : claim_view{true, {}};
    const auto step = after_fatal_error(seen);
    if (step == membership_step::give_up)
      ended_ = domain::error{domain::errc::stale,
                             "another process has started later under the name '" +
                                 consumer_.member + "' in the group " + consumer_.group + " (" +
                                 seen.later + ")"};
    if (step != membership_step::join_again) return;
    ++counts_.rejoins;
    if (const auto made = make_client(); made) static_cast<void>(subscribe(named_topics::own));
  }

  void take(const rd_kafka_message_t& message, std::vector<ports::record>& records) {
    records.push_back(record_of(message));
    parts_[records.back().place].position = message.offset + 1;
    ++counts_.consumed;
    counts_.consumed_bytes += message.len;
  }

  void take_error(const rd_kafka_message_t& message) {
    const bool is_fatal = rd_kafka_fatal_error(client_.get(), nullptr, 0) != 0;
    target_.reports.count_error(rd_kafka_message_errstr(&message), is_fatal);
    if (is_fatal && !is_out_) fall_out();
  }

  /// The client goes with the next poll: the caller hears first that its place is in doubt.
  void fall_out() {
    is_in_place_ = false;
    if (!parts_.empty()) lose(*list_of(assignment()));
    is_out_ = true;
  }

  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t* list, void* opaque) {
    auto& self = *static_cast<kafka_consumer*>(static_cast<callback_target*>(opaque)->owner);
    const bool is_gone = rd_kafka_assignment_lost(self.client_.get()) != 0;
    const bool is_given = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    // One that the group has not heard for too long may have a successor. The owner of what is
    // revoked asks for it: what is lost may already be another's.
    self.is_in_place_ = is_given || (self.is_in_place_ && !is_gone);
    if (is_given) self.gain(*list);
    else self.lose(*list);
  }

  void gain(const rd_kafka_topic_partition_list_t& given) {
    ++counts_.rebalances;
    // What the group gives a member that is about to go is not read; it may be what it had, once.
    const auto shared = own_places_of(given, consumer_);
    if (stage_ == stage::leaving && parts_.empty() && shared.empty()) stage_ = stage::left;
    if (stage_ == stage::reading)
      share_.was_given(parts_.size() + shared.size(), steady_clock::now());
    const bool is_reading = stage_ == stage::reading;
    const auto places =
        is_reading ? with_alongside(shared, consumer_) : std::vector<partition_id>{};
    for (const auto& place : places) parts_[place] = {};
    const auto list = list_of(places);
    go_on_where_it_was(*list, uncommitted_);
    begin_alongside_at_the_first(client_.get(), *list, consumer_);
    count_failure(error_pointer(rd_kafka_incremental_assign(client_.get(), list.get()),
                                rd_kafka_error_destroy));
    if (consumer_.on_rebalance.assigned && !places.empty())
      consumer_.on_rebalance.assigned(places);
  }

  void lose(rd_kafka_topic_partition_list_t& taken) {
    ++counts_.rebalances;
    auto places = with_alongside(own_places_of(taken, consumer_), consumer_);
    std::erase_if(places, [this](const auto& place) { return !parts_.contains(place); });
    const auto list = list_of(places);
    // The owner may still commit while it is told; librdkafka passes that on before letting go.
    if (consumer_.on_rebalance.revoked && !places.empty() && stage_ != stage::closing)
      consumer_.on_rebalance.revoked(places);
    for (const auto& place : places) let_go(place);
    count_failure(error_pointer(rd_kafka_incremental_unassign(client_.get(), list.get()),
                                rd_kafka_error_destroy));
  }

  void let_go(const partition_id& place) {
    const auto found = parts_.find(place);
    if (found == parts_.end()) return;
    // A group that commits nothing would begin at the end again, and miss what came meanwhile.
    if (found->second.position && !found->second.done)
      uncommitted_[place] = *found->second.position;
    parts_.erase(found);
  }

  void count_failure(const error_pointer& failure) {
    if (failure != nullptr)
      target_.reports.count_error(rd_kafka_error_string(failure.get()),
                                  rd_kafka_error_is_fatal(failure.get()) != 0);
  }

  kafka_settings settings_;
  ports::consumer_settings consumer_;
  callback_target target_;
  assigned_parts parts_;
  std::map<partition_id, std::int64_t> uncommitted_;
  /// Of a member that has a name.
  std::optional<name_claim> claim_;
  /// aside: it is to be given nothing; leaving: what it read is handed over; left: the group has
  /// shared that out.
  enum class stage : std::uint8_t { reading, aside, leaving, left, closing };
  stage stage_ = stage::reading;
  /// The client failed for good, or waits to join again.
  bool is_out_ = false;
  bool is_in_place_ = false;
  std::optional<domain::error> ended_;
  steady_clock::time_point look_again_at_{};
  consumer_counts counts_;
  /// Of this client, not of those before it.
  share_request share_;
  client_pointer client_;
};

} // namespace

domain::result<std::unique_ptr<ports::log_consumer>>
make_kafka_consumer(const kafka_settings& settings, ports::consumer_settings consumer) {
  auto made = std::make_unique<kafka_consumer>(settings, std::move(consumer));
  if (auto opened = made->open(); !opened) return opened.failure();
  return std::unique_ptr<ports::log_consumer>(std::move(made));
}

} // namespace busbar::adapters::kafka
