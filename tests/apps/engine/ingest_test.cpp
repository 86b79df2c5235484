// Records on their way to a site that another context is just replacing: they wait, in their order,
// and for five seconds at most. And answers of epochs before and after the site's own.

#include "adapters/embedded/embedded_log.hpp"
#include "apps/engine/ingest.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace busbar::apps {
namespace {

using domain::connector_index;
using domain::instant;
using std::chrono::seconds;

constexpr domain::epoch own_epoch = 7;

instant at(int second) { return instant{seconds{1'000'000 + second}}; }

class ingest_of_a_site : public testing::Test {
protected:
  ingest_of_a_site() {
    EXPECT_TRUE(log->ensure_topics(messages::all_topics(1)));
    producer = std::move(log->producer().value());
    refused = std::make_unique<messages::dead_letters>(*producer);
    routes->add(site->id, layout, own_epoch, std::make_shared<actors::site_inbox>());
    under_test = std::make_unique<ingest>(routes, counters, *refused);
  }

  void take_readings(instant now) {
    domain::telemetry_batch batch;
    batch.site = site->id;
    batch.topology_hash = site->topology_hash;
    batch.sent_at = now;
    domain::reading reading;
    reading.connector = connector_index{0U};
    reading.measured_at = now;
    reading.state = domain::connector_state::supplying;
    batch.readings.push_back(reading);
    take(messages::telemetry_topic, messages::encode(batch), now);
  }
  void take_answer(domain::sequence number, instant now, domain::epoch owner = own_epoch,
                   std::uint64_t hash_off = 0) {
    domain::result_batch batch{site->id, site->topology_hash + hash_off, owner, {}};
    domain::command_result answer;
    answer.connector = connector_index{0U};
    answer.number = number;
    answer.answer = domain::outcome::accepted;
    answer.answered_at = at(static_cast<int>(number));
    batch.results.push_back(answer);
    take(messages::results_topic, messages::encode(batch), now);
  }
  void take(const std::string& topic, messages::shared_bytes value, instant now) {
    messages::record record;
    record.place.topic = topic;
    record.key = site->id.text();
    record.value = std::move(value);
    under_test->take(record, now);
  }
  [[nodiscard]] std::uint64_t batches() const { return counters->ingest.batches.value(); }
  [[nodiscard]] std::uint64_t answers() const { return counters->ingest.results.value(); }

  std::shared_ptr<const domain::site> site =
      tests::site_builder{}.feeder("f1", 63'000).station("A").station("B").build();
  std::shared_ptr<const site::site_layout> layout = site::lay_out(site);
  std::shared_ptr<messages::event_log> log = adapters::embedded::make_embedded_log();
  std::unique_ptr<messages::log_producer> producer;
  std::unique_ptr<messages::dead_letters> refused;
  std::shared_ptr<actors::route_table> routes = std::make_shared<actors::route_table>();
  std::shared_ptr<actors::engine_counters> counters =
      std::make_shared<actors::engine_counters>();
  std::unique_ptr<ingest> under_test;
};

TEST_F(ingest_of_a_site, records_for_a_site_that_is_being_replaced_wait_and_are_then_handled) {
  take_readings(at(0));
  EXPECT_EQ(batches(), 1u);
  static_cast<void>(routes->hold(site->id));
  take_readings(at(1));
  take_answer(1, at(1));
  under_test->take_waiting(at(2));
  EXPECT_EQ(batches(), 1u) << "it is held still";
  EXPECT_EQ(answers(), 0u);
  routes->let_through(site->id);
  under_test->take_waiting(at(3));
  EXPECT_EQ(batches(), 2u);
  EXPECT_EQ(answers(), 1u);
  under_test->take_waiting(at(4));
  EXPECT_EQ(batches(), 2u) << "once";
}

TEST_F(ingest_of_a_site, what_comes_later_does_not_overtake_what_waits) {
  static_cast<void>(routes->hold(site->id));
  take_readings(at(1));
  routes->let_through(site->id);
  take_readings(at(2));
  EXPECT_EQ(batches(), 0u);
  under_test->take_waiting(at(2));
  EXPECT_EQ(batches(), 2u);
  take_readings(at(3));
  EXPECT_EQ(batches(), 3u) << "nothing waits any more";
}

TEST_F(ingest_of_a_site, what_has_waited_for_five_seconds_goes_to_the_actors_that_there_are) {
  static_cast<void>(routes->hold(site->id));
  take_readings(at(0));
  take_readings(at(3));
  under_test->take_waiting(at(5));
  EXPECT_EQ(batches(), 0u);
  under_test->take_waiting(at(6));
  EXPECT_EQ(batches(), 1u) << "the second has waited for 3 s";
  under_test->take_waiting(at(9));
  EXPECT_EQ(batches(), 2u);
}

TEST_F(ingest_of_a_site, OWN_1_answers_to_a_newer_epoch_are_not_its_own_and_are_noticed) {
  take_answer(1, at(0), own_epoch + 1);
  EXPECT_EQ(answers(), 0u);
  EXPECT_EQ(under_test->epoch_obeyed(site->id), own_epoch + 1);
}

TEST_F(ingest_of_a_site, an_answer_of_the_epoch_before_a_revision_reaches_the_order_it_is_about) {
  take_answer(1, at(0), own_epoch - 1);
  EXPECT_EQ(answers(), 1u);
  EXPECT_FALSE(under_test->epoch_obeyed(site->id));
  take_answer(2, at(1), own_epoch - 1, 1);
  EXPECT_EQ(answers(), 1u) << "its place is one of another tree";
}

} // namespace
} // namespace busbar::apps
