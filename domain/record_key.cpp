#include "domain/record_key.hpp"

#include <cassert>

namespace busbar::domain {

namespace {

std::uint32_t little_endian_word(const unsigned char* bytes) {
  return static_cast<std::uint32_t>(bytes[0]) | static_cast<std::uint32_t>(bytes[1]) << 8 |
         static_cast<std::uint32_t>(bytes[2]) << 16 | static_cast<std::uint32_t>(bytes[3]) << 24;
}

/// MurmurHash2, 32 bit, with the seed of Kafka's Java client (org.apache.kafka.common.utils.Utils).
std::uint32_t murmur2(const std::string& key) {
  constexpr std::uint32_t m = 0x5bd1e995;
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.data());
  const std::size_t size = key.size();
  std::uint32_t hash = 0x9747b28cU ^ static_cast<std::uint32_t>(size);
  std::size_t place = 0;
  for (; place + 4 <= size; place += 4) {
    std::uint32_t word = little_endian_word(bytes + place) * m;
    word = (word ^ (word >> 24)) * m;
    hash = (hash * m) ^ word;
  }
  if (place < size) {
    for (std::size_t rest = size; rest-- > place;)
      hash ^= static_cast<std::uint32_t>(bytes[rest]) << (8 * (rest - place));
    hash *= m;
  }
  hash = (hash ^ (hash >> 13)) * m;
  return hash ^ (hash >> 15);
}

} // namespace

std::int32_t partition_of_key(const std::string& key, std::int32_t partitions) {
  assert(partitions >= 1);
  return static_cast<std::int32_t>((murmur2(key) & 0x7fffffffU) %
                                   static_cast<std::uint32_t>(partitions));
}

} // namespace busbar::domain
