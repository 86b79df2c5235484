// A file of librdkafka properties: what is taken, and every fault with its line.

#include "adapters/kafka/kafka_client.hpp"
#include "adapters/kafka/property_file.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::kafka {

namespace {

std::vector<std::string> faults_of(std::string_view text) {
  domain::fault_list faults;
  static_cast<void>(read_properties(text, "client.properties", faults));
  return faults.kept();
}

std::string fault_of(std::string_view text) {
  const auto faults = faults_of(text);
  EXPECT_EQ(faults.size(), 1U) << text;
  return faults.empty() ? "" : faults.front();
}

} // namespace

TEST(kafka_property_file, is_read_line_by_line_without_comments_and_blanks) {
  domain::fault_list faults;
  const auto read = read_properties("\xEF\xBB\xBF# broker of the depot\r\n\r\n"
                                    "security.protocol=SASL_SSL\r\n"
                                    "  sasl.username = depot \n"
                                    "sasl.password=a=b#c",
                                    "client.properties", faults);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(read, (properties{{"security.protocol", "SASL_SSL"},
                              {"sasl.username", "depot"},
                              {"sasl.password", "a=b#c"}}));
}

TEST(kafka_property_file, a_pem_value_has_line_breaks_where_it_says_so) {
  domain::fault_list faults;
  const auto read =
      read_properties(R"(ssl.ca.pem=-----BEGIN\nAA\n-----END)", "client.properties", faults);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].second, "-----BEGIN\nAA\n-----END");
}

TEST(kafka_property_file, each_fault_names_file_line_and_what_is_allowed) {
  EXPECT_EQ(fault_of("\nsasl.pasword=x"),
            "client.properties:2: sasl.pasword is no property of librdkafka (did you mean "
            "`sasl.password`?)");
  EXPECT_EQ(fault_of("linger.ms=soon"),
            "client.properties:1: linger.ms = 'soon': Invalid value for configuration property "
            "\"queue.buffering.max.ms\"");
  EXPECT_EQ(fault_of("linger.ms"), "client.properties:1: is not name=value");
  EXPECT_EQ(fault_of("linger.ms="), "client.properties:1: linger.ms has no value");
  EXPECT_EQ(fault_of("=5"), "client.properties:1: has no name before =");
  EXPECT_EQ(fault_of("linger.ms=5\nlinger.ms=6"),
            "client.properties:2: linger.ms stands twice");
  EXPECT_EQ(fault_of("ssl.ca.location=/nowhere/ca.pem"),
            "client.properties:1: ssl.ca.location = '/nowhere/ca.pem' cannot be read: No such file "
            "or directory");
  EXPECT_EQ(faults_of("a=1\nb=2\nc=3").size(), 3U);
}

TEST(kafka_property_file, what_a_rule_rests_on_stays_as_it_is) {
  for (const auto* name : {"acks", "enable.idempotence", "group.id", "group.instance.id",
                           "session.timeout.ms", "partitioner", "enable.auto.commit",
                           "bootstrap.servers"}) {
    const auto fault = fault_of(std::string{name} + "=1");
    EXPECT_NE(fault.find(std::string{name} + " is set by Busbar itself: "), std::string::npos)
        << fault;
  }
}

TEST(kafka_property_file, no_fault_shows_a_secret) {
  for (const auto* name : {"sasl.password", "ssl.key.password", "ssl.keystore.password",
                           "ssl.key.pem", "sasl.oauthbearer.client.secret"})
    EXPECT_TRUE(is_secret(name)) << name;
  for (const auto* name : {"sasl.username", "ssl.ca.location", "security.protocol"})
    EXPECT_FALSE(is_secret(name)) << name;
  for (const auto* text : {"hunter2", "sasl.password=hunter2\nsasl.password=hunter2",
                           "sasl.pasword=hunter2"})
    for (const auto& fault : faults_of(text))
      EXPECT_EQ(fault.find("hunter2"), std::string::npos) << fault;
}

TEST(kafka_client, a_scram_that_the_librarys_nonce_spoils_is_told_with_its_remedy) {
  const std::string refused = "SASL authentication error: Authentication failed during "
                              "authentication due to invalid credentials with SASL mechanism "
                              "SCRAM-SHA-512";
  EXPECT_NE(remedy_of(refused, 0x020002ff).find("use sasl.mechanism=PLAIN over TLS"),
            std::string::npos);
  EXPECT_EQ(remedy_of(refused, 0x020601ff), "");
  EXPECT_EQ(remedy_of("Connect to 127.0.0.1:1 failed: Connection refused", 0x020002ff), "");
}

} // namespace busbar::adapters::kafka
