// Kafka against the contract of the port, on a real broker that all tests of this file share.

#include "adapters/kafka/kafka_log.hpp"
#include "tests/adapters/log_broker.hpp"
#include "tests/adapters/log_group_promises.hpp"
#include "tests/adapters/log_promises.hpp"

#include <unistd.h>

namespace busbar::adapters::testing {

struct kafka_fixture {
  static std::string run_id() { return std::to_string(getpid()); }
  std::shared_ptr<ports::event_log> make_log() {
    EXPECT_EQ(shared_broker().failure, "");
    kafka::kafka_settings settings;
    settings.bootstrap = shared_broker().broker.address();
    auto log = kafka::make_kafka_log(settings);
    EXPECT_TRUE(log) << log.failure().message;
    return log ? log.value() : nullptr;
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_contract, kafka_fixture);
INSTANTIATE_TYPED_TEST_SUITE_P(kafka, log_group_contract, kafka_fixture);

} // namespace busbar::adapters::testing
