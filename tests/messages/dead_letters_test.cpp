#include "messages/bounds.hpp"
#include "messages/dead_letters.hpp"
#include "messages/topics.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace busbar::messages {

namespace {

using ports::log_producer;
using ports::log_statistics;
using ports::record;
using ports::shared_bytes;

/// Remembers what it is given, or is full.
class remembering_producer : public log_producer {
public:
  domain::result<void> publish(const std::string& topic, const std::string& key,
                               shared_bytes value, ports::acknowledgement) override {
    if (is_full) return domain::error{domain::errc::full, "full"};
    topics.push_back(topic);
    keys.push_back(key);
    letters.push_back(decode_dead_letter(*value).value());
    return {};
  }
  domain::result<void> flush(domain::microseconds) override { return {}; }
  log_statistics statistics() const override { return {}; }

  bool is_full = false;
  std::vector<std::string> topics;
  std::vector<std::string> keys;
  std::vector<dead_letter> letters;
};

record poison(std::size_t bytes) {
  return {{telemetry_topic, 3}, 42, "garage",
          std::make_shared<const std::vector<std::uint8_t>>(bytes, std::uint8_t{0xEE}), {}};
}

const domain::error why{domain::errc::malformed, "the verifier refuses it"};
const domain::instant now{std::chrono::seconds{1'777'000'000}};

} // namespace

TEST(dead_letters, a_refused_record_is_kept_with_its_place_reason_and_bytes) {
  remembering_producer producer;
  dead_letters office(producer);
  office.refuse(poison(5), why, now);
  EXPECT_EQ(producer.topics, (std::vector<std::string>{dead_letters_topic}));
  EXPECT_EQ(producer.keys, (std::vector<std::string>{"garage"}));
  const dead_letter expected{telemetry_topic,
                             3,
                             42,
                             "garage",
                             domain::errc::malformed,
                             "the verifier refuses it",
                             std::vector<std::uint8_t>(5, 0xEE),
                             5,
                             now};
  EXPECT_EQ(producer.letters.at(0), expected);
}

TEST(dead_letters, a_large_record_is_cut_and_its_size_is_kept) {
  remembering_producer producer;
  dead_letters office(producer);
  office.refuse(poison(1'048'576), why, now);
  EXPECT_EQ(producer.letters.at(0).original.size(), bounds::dead_letter_bytes_max);
  EXPECT_EQ(producer.letters.at(0).original_size, 1'048'576U);
}

TEST(dead_letters, any_key_and_any_reason_make_a_letter_that_can_be_read) {
  remembering_producer producer;
  dead_letters office(producer);
  record what = poison(1);
  what.key = std::string(5'000, '\xFF');
  office.refuse(what, {domain::errc::out_of_range, std::string(5'000, 'x')}, now);
  what.value = nullptr;
  office.refuse(what, why, now);
  EXPECT_EQ(producer.letters.at(0).key.size(), bounds::record_key_bytes_max);
  EXPECT_EQ(producer.letters.at(0).reason.size(), bounds::text_bytes_max);
  EXPECT_EQ(producer.letters.at(1).original_size, 0U);
}

TEST(dead_letters, refusals_are_counted_by_topic_and_code_even_when_the_log_takes_no_letter) {
  remembering_producer producer;
  dead_letters office(producer);
  office.refuse(poison(1), why, now);
  producer.is_full = true;
  office.refuse(poison(1), why, now);
  office.refuse(poison(1), {domain::errc::wrong_topology, "other"}, now);
  EXPECT_EQ(office.refused(),
            (dead_letters::counts{{{telemetry_topic, domain::errc::malformed}, 2},
                                  {{telemetry_topic, domain::errc::wrong_topology}, 1}}));
  EXPECT_EQ(office.unpublished(), 2U);
}

} // namespace busbar::messages
