#pragma once
// A 64-bit hash of bytes that does not change between versions: eight bytes a step, each step as in
// FNV-1a with the upper half folded in.

#include <cstdint>
#include <cstring>
#include <span>

namespace busbar::recording {

[[nodiscard]] inline std::uint64_t hash_of(std::span<const std::uint8_t> bytes,
                                           std::uint64_t seed = 0) {
  constexpr std::uint64_t prime = 0x100000001b3;
  std::uint64_t hash = (0xcbf29ce484222325 ^ seed) + bytes.size();
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const auto size = bytes.size() < 8 ? bytes.size() : std::size_t{8};
    std::memcpy(&word, bytes.data(), size);
    bytes = bytes.subspan(size);
    hash = (hash ^ word) * prime;
    hash ^= hash >> 32;
  }
  return hash;
}

} // namespace busbar::recording
