// Fences and the table of owners: bytes, ranges, and the partition that a record has to be in.

#include "messages/shard_codec.hpp"

#include "domain/record_key.hpp"
#include "messages/topics.hpp"
#include "tests/messages/random_messages.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>

namespace busbar::messages {

namespace {

using domain::errc;

constexpr domain::instant noon{std::chrono::seconds{1'763'812'800}};

domain::shard_fence example_fence() { return {12, "engine-1", 0x1a2b3c4d5e6f7081, 3, noon}; }
domain::shard_owner example_owner() { return {12, 124, "engine-1", "10.0.0.7:8080", noon}; }

std::vector<std::uint8_t> golden(const std::string& name, const ports::shared_bytes& bytes) {
  const auto path = std::string(BUSBAR_SOURCE_DIR) + "/tests/messages/golden/" + name + ".bin";
  if (std::getenv("WRITE_GOLDEN") != nullptr)
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()),
               static_cast<std::streamsize>(bytes->size()));
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ports::record record_in(std::int32_t partition, ports::shared_bytes value) {
  ports::record record;
  record.place = {commands_topic, partition};
  record.key = "shard";
  record.value = std::move(value);
  return record;
}

} // namespace

TEST(shard_codec, OWN_2_the_bytes_of_a_fence_and_of_an_owner_stay_as_they_are) {
  const auto fence = encode(example_fence());
  EXPECT_EQ(*fence, golden("fences", fence));
  EXPECT_EQ(decode_fence(golden("fences", fence)).value(), example_fence());
  const auto owner = encode(example_owner());
  EXPECT_EQ(*owner, golden("owners", owner));
  EXPECT_EQ(decode_owner(golden("owners", owner)).value(), example_owner());
}

TEST(shard_codec, OWN_2_a_mark_is_told_apart_from_a_session_fact_and_from_nothing) {
  testing::random_messages random(1);
  EXPECT_TRUE(is_owner_mark(record_in(12, encode(example_owner()))));
  EXPECT_FALSE(is_owner_mark(record_in(12, encode(random.session_fact()))));
  EXPECT_FALSE(is_owner_mark(record_in(12, nullptr)));
}

TEST(shard_codec, OWN_2_every_fence_and_every_owner_survives_the_way_into_bytes_and_back) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    testing::random_messages random(seed);
    const auto fence = random.fence();
    EXPECT_EQ(decode_fence(*encode(fence)).value(), fence) << "SEED=" << seed;
    const auto owner = random.owner();
    EXPECT_EQ(decode_owner(*encode(owner)).value(), owner) << "SEED=" << seed;
  }
}

TEST(shard_codec, OWN_2_what_no_node_can_have_written_is_refused_with_its_field) {
  auto fence = example_fence();
  fence.shard = -1;
  EXPECT_EQ(decode_fence(*encode(fence)).failure().message,
            "shard is -1, allowed is 0..2147483647");
  fence = example_fence();
  fence.node.clear();
  EXPECT_FALSE(decode_fence(*encode(fence)));
  auto owner = example_owner();
  owner.owner = 0;
  EXPECT_EQ(decode_owner(*encode(owner)).failure().message, "owner is 0, which is no epoch");
  EXPECT_EQ(decode_owner(*encode(example_fence())).failure().code, errc::wrong_identifier);
}

TEST(shard_codec, OWN_2_a_fence_of_another_shard_than_its_partition_is_refused) {
  EXPECT_TRUE(fence_of(record_in(12, encode(example_fence()))));
  const auto astray = fence_of(record_in(13, encode(example_fence())));
  ASSERT_FALSE(astray);
  EXPECT_EQ(astray.failure().message,
            "shard is 12, allowed is the partition of the record, 13");
  EXPECT_EQ(owner_of(record_in(13, encode(example_owner()))).failure().code, errc::out_of_range);
  EXPECT_EQ(owner_of(record_in(12, nullptr)).failure().code, errc::missing_field);
}

TEST(shard_codec, OWN_2_fences_are_told_from_commands) {
  EXPECT_TRUE(is_fence(record_in(12, encode(example_fence()))));
  EXPECT_FALSE(is_fence(record_in(12, encode(testing::random_messages(1).commands()))));
  EXPECT_FALSE(is_fence(record_in(12, nullptr)));
}

TEST(shard_codec, OWN_2_each_shards_key_is_its_own_and_falls_into_its_partition) {
  std::set<std::string> keys;
  for (std::int32_t shard = 0; shard < 64; ++shard) {
    const auto key = shard_key(shard, 64);
    EXPECT_EQ(domain::partition_of_key(key, 64), shard);
    EXPECT_TRUE(keys.insert(key).second) << key;
  }
}

} // namespace busbar::messages
