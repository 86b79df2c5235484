// Kafka against the contract of the port, on a real broker that all tests of this file share.

#include "adapters/kafka/kafka_log.hpp"
#include "tests/adapters/log_broker.hpp"
#include "tests/adapters/log_promises.hpp"

#include <unistd.h>

namespace busbar::adapters::testing {

namespace {

std::shared_ptr<messages::event_log> log_at(const std::string& address) {
  kafka::kafka_settings settings;
  settings.bootstrap = address;
  auto log = kafka::make_kafka_log(settings);
  EXPECT_TRUE(log) << log.failure().message;
  return log ? log.value() : nullptr;
}

/// Empty where it could not be started.
const std::string& shared_address() {
  static log_broker broker;
  static const std::string failure = broker.start();
  EXPECT_EQ(failure, "");
  return broker.address();
}

} // namespace

struct kafka_fixture {
  static std::string run_id() { return std::to_string(getpid()); }
  std::shared_ptr<messages::event_log> make_log() {
    return shared_address().empty() ? nullptr : log_at(shared_address());
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_contract, kafka_fixture);

} // namespace busbar::adapters::testing
