#include "adapters/kafka/name_claim.hpp"

#include "adapters/kafka/kafka_client.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <memory>
#include <random>
#include <sstream>
#include <utility>

#include <unistd.h>

namespace busbar::adapters::kafka {

namespace {

using std::chrono::steady_clock;
using list_pointer = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                     decltype(&rd_kafka_topic_partition_list_destroy)>;
using queue_pointer = std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)>;
using event_pointer = std::unique_ptr<rd_kafka_event_t, decltype(&rd_kafka_event_destroy)>;

/// Between two tries.
constexpr int retry_ms = 100;
/// What a claim can say at most; longer ones were not written by a member.
constexpr std::size_t claim_size_max = 200;

struct claim_client {
  domain::result<void> open(const kafka_settings& settings, const std::string& group) {
    client_configuration configuration(target);
    auto set = configuration.set(with_further({{"bootstrap.servers", settings.bootstrap},
                                               {"client.id", settings.client_id},
                                               {"group.id", group},
                                               {"enable.auto.commit", "false"},
                                               {"reconnect.backoff.ms", "50"},
                                               {"reconnect.backoff.max.ms", "1000"}},
                                              settings));
    if (!set) return set;
    auto made = configuration.make(client_kind::consumer);
    if (!made) return made.failure();
    handle = std::move(made.value());
    return {};
  }

  callback_target target;
  client_pointer handle;
};

list_pointer place_of(const std::string& topic) {
  list_pointer list(rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
  rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), 0);
  return list;
}

list_pointer place_with(const std::string& topic, const std::string& claim) {
  auto list = place_of(topic);
  auto& place = list->elems[0];
  place.offset = 0;
  // librdkafka's allocator is the C library's; the list's end frees it.
  place.metadata = ::strdup(claim.c_str());
  place.metadata_size = claim.size();
  return list;
}

rd_kafka_resp_err_t commit(rd_kafka_t* client, const rd_kafka_topic_partition_list_t& list,
                           domain::microseconds patience) {
  const queue_pointer answers(rd_kafka_queue_new(client), rd_kafka_queue_destroy);
  if (const auto code = rd_kafka_commit_queue(client, &list, answers.get(), nullptr, nullptr))
    return code;
  const event_pointer answer(rd_kafka_queue_poll(answers.get(), milliseconds_of(patience)),
                             rd_kafka_event_destroy);
  if (answer == nullptr) return RD_KAFKA_RESP_ERR__TIMED_OUT;
  if (const auto code = rd_kafka_event_error(answer.get())) return code;
  const auto* told = rd_kafka_event_topic_partition_list(answer.get());
  return told != nullptr && told->cnt == 1 ? told->elems[0].err : RD_KAFKA_RESP_ERR_NO_ERROR;
}

/// Tries again after every answer that may pass.
rd_kafka_resp_err_t commit_until(rd_kafka_t* client, const rd_kafka_topic_partition_list_t& list,
                                 domain::microseconds patience) {
  const auto deadline = steady_clock::now() + patience;
  while (true) {
    const auto left =
        std::chrono::duration_cast<domain::microseconds>(deadline - steady_clock::now());
    const auto code = commit(client, list, left);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || answer_of(code) == broker_answer::not_allowed ||
        deadline - steady_clock::now() < std::chrono::milliseconds{retry_ms})
      return code;
    rd_kafka_poll(client, retry_ms);
  }
}

/// Returns once the group's coordinator has answered. A commit that is given while none is known
/// stays under way when its client ends, and librdkafka 2.0 then keeps a core busy for a minute.
rd_kafka_resp_err_t await_coordinator(rd_kafka_t* client, const std::string& topic,
                                      domain::microseconds patience) {
  return rd_kafka_committed(client, place_of(topic).get(), milliseconds_of(patience));
}

/// Any client can commit anything: what is shown to people is one line of bounded length.
std::string shown(const void* text, std::size_t size) {
  std::string claim(static_cast<const char*>(text), std::min(size, claim_size_max));
  std::replace_if(claim.begin(), claim.end(), [](char each) { return each < ' ' || each > '~'; },
                  '?');
  return claim;
}

} // namespace

std::string own_claim() {
  std::array<char, 64> host{};
  gethostname(host.data(), host.size() - 1);
  std::random_device random;
  std::ostringstream text;
  text << "process " << getpid() << " on " << host.data() << ", start " << std::hex << random();
  return text.str();
}

name_claim::name_claim(const kafka_settings& settings, const ports::consumer_settings& consumer)
    : settings_(settings), group_(consumer.group + ".name." + consumer.member),
      topic_(consumer.topics.front()), own_(own_claim()) {}

domain::result<void> name_claim::write(domain::microseconds patience) const {
  const auto deadline = steady_clock::now() + patience;
  while (true) {
    const auto left =
        std::chrono::duration_cast<domain::microseconds>(deadline - steady_clock::now());
    // A broker that stood still answers a new connection before what it left unanswered.
    claim_client client;
    if (auto opened = client.open(settings_, group_); !opened) return opened;
    const auto patience_of_one = std::min(left, settings_.answer_timeout);
    auto code = await_coordinator(client.handle.get(), topic_, patience_of_one);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      code = commit_until(client.handle.get(), *place_with(topic_, own_), patience_of_one);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    const bool is_forbidden = answer_of(code) == broker_answer::not_allowed;
    if (is_forbidden || deadline - steady_clock::now() < std::chrono::milliseconds{retry_ms})
      return error_of(code, "kafka: stating the member's name in the group " + group_,
                      client.target.reports);
  }
}

claim_view name_claim::look(domain::microseconds patience) const {
  claim_view seen;
  if (clients_ending() >= clients_ending_max) return seen;
  claim_client client;
  if (!client.open(settings_, group_)) return seen;
  const auto list = place_of(topic_);
  const auto code =
      rd_kafka_committed(client.handle.get(), list.get(), milliseconds_of(patience));
  const auto& place = list->elems[0];
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || place.err != RD_KAFKA_RESP_ERR_NO_ERROR) return seen;
  seen.is_known = true;
  const auto newest = place.metadata == nullptr ? "" : shown(place.metadata, place.metadata_size);
  if (newest != own_) seen.later = newest;
  return seen;
}

} // namespace busbar::adapters::kafka
