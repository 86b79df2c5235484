// Whatever record the log hands over, a reader gets a message or a refusal that says what is wrong.

#include "messages/record_decoder.hpp"

#include "messages/dead_letters.hpp"
#include "tests/messages/random_messages.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::messages {

namespace {

using domain::errc;
using ports::record;
using ports::shared_bytes;

shared_bytes bytes_of(const std::string& text) {
  return std::make_shared<const std::vector<std::uint8_t>>(text.begin(), text.end());
}

record record_of(std::string key, shared_bytes value) {
  return {{"busbar.some.v1", 0}, 7, std::move(key), std::move(value), {}};
}

template <class Decode>
void expect_refused(const record& what, Decode decode, errc code, const std::string& text) {
  const auto message = decode_record(what, decode);
  ASSERT_FALSE(message) << text;
  EXPECT_EQ(message.failure().code, code);
  EXPECT_EQ(message.failure().message, text);
  const auto letter = decode_dead_letter(*encode(letter_about(what, message.failure(), {})));
  ASSERT_TRUE(letter) << letter.failure().message;
  EXPECT_EQ(letter.value().reason, text);
}

/// Every record that is no message of `decode`, whatever its topic.
template <class Message, class Decode> void expect_reads(Message message, Decode decode) {
  message.site = domain::site_id{"garage"};
  const auto good = encode(message);
  const auto read = decode_record(record_of("garage", good), decode);
  ASSERT_TRUE(read) << read.failure().message;
  EXPECT_EQ(read.value(), message);
  expect_refused(record_of("garage", nullptr), decode, errc::missing_field,
                 "the record has no value");
  expect_refused(record_of("", nullptr), decode, errc::missing_field, "the record has no value");
  expect_refused(record_of("", good), decode, errc::missing_field,
                 "the record has no key, allowed is \"garage\", the site of its message");
  expect_refused(record_of("de\npot", good), decode, errc::out_of_range,
                 "the record's key is \"de.pot\", allowed is \"garage\", the site of its message");
  expect_refused(record_of(std::string(5'000, '\xFF'), good), decode, errc::out_of_range,
                 "the record's key is \"" + std::string(64, '.') +
                     "...\", allowed is \"garage\", the site of its message");
  expect_refused(record_of("garage", bytes_of("")), decode, errc::malformed,
                 "has 0 bytes, a message has at least 8");
  expect_refused(record_of("garage", bytes_of("x")), decode, errc::malformed,
                 "has 1 bytes, a message has at least 8");
  const auto wrong = decode_record(record_of("garage", bytes_of("....BBZ9....")), decode);
  EXPECT_EQ(wrong.failure().code, errc::wrong_identifier);
}

} // namespace

TEST(record_decoder, records_without_value_or_key_or_with_foreign_bytes_are_refused_everywhere) {
  testing::random_messages random(1);
  expect_reads(random.telemetry(), decode_telemetry);
  expect_reads(random.request(), decode_request);
  expect_reads(random.commands(), decode_commands);
  expect_reads(random.results(), decode_results);
  expect_reads(random.session_fact(), decode_session_fact);
  expect_reads(random.event(), decode_event);
  expect_reads(random.decision(), decode_decision);
  expect_reads(random.site_state(), decode_site_state);
}

TEST(record_decoder, an_event_of_no_site_has_no_key) {
  auto event = testing::random_messages(1).event();
  event.site = domain::site_id{};
  EXPECT_TRUE(decode_record(record_of("", encode(event)), decode_event));
}

} // namespace busbar::messages
