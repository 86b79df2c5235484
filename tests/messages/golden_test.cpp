// The bytes of one message of each topic, as they stand in tests/messages/golden/. They change only
// with a format that old readers still understand; then WRITE_GOLDEN=1 writes them anew.

#include "tests/messages/example_messages.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace busbar::messages {

namespace {

using ports::shared_bytes;

std::string path_of(const std::string& name) {
  return std::string(BUSBAR_SOURCE_DIR) + "/tests/messages/golden/" + name + ".bin";
}

std::vector<std::uint8_t> golden(const std::string& name) {
  std::ifstream file(path_of(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class Message, class Decode>
void expect_golden(const std::string& name, const Message& message, Decode decode) {
  const shared_bytes bytes = encode(message);
  if (std::getenv("WRITE_GOLDEN") != nullptr)
    std::ofstream(path_of(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()),
               static_cast<std::streamsize>(bytes->size()));
  EXPECT_EQ(*bytes, golden(name)) << "the bytes of " << name << " have changed";
  const auto decoded = decode(golden(name));
  ASSERT_TRUE(decoded) << decoded.failure().message;
  EXPECT_EQ(decoded.value(), message);
}

} // namespace

TEST(golden, telemetry) {
  expect_golden("telemetry", testing::example_telemetry(), decode_telemetry);
}
TEST(golden, requests) { expect_golden("requests", testing::example_request(), decode_request); }
TEST(golden, commands) { expect_golden("commands", testing::example_commands(), decode_commands); }
TEST(golden, profile_orders) {
  expect_golden("profile_orders", testing::example_orders(), decode_commands);
}
TEST(golden, results) { expect_golden("results", testing::example_results(), decode_results); }
TEST(golden, sessions) {
  expect_golden("sessions", testing::example_session_fact(), decode_session_fact);
}
TEST(golden, events) { expect_golden("events", testing::example_event(), decode_event); }
TEST(golden, events_of_before_causes_are_read_as_the_systems) {
  EXPECT_EQ(decode_event(golden("events")).value().caused_by, domain::cause{});
}
TEST(golden, decisions) {
  expect_golden("decisions", testing::example_decision(), decode_decision);
}
TEST(golden, sites) { expect_golden("sites", testing::example_site_state(), decode_site_state); }
TEST(golden, dead_letters) {
  expect_golden("dead_letters", testing::example_dead_letter(), decode_dead_letter);
}

} // namespace busbar::messages
