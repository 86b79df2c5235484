#pragma once
// Seeded randomness whose numbers are the same with every standard library.
// xoshiro256** 1.0 seeded by splitmix64 (Blackman and Vigna, https://prng.di.unimi.it).

#include <array>
#include <bit>
#include <cassert>
#include <cstdint>

namespace busbar::simulator {

class random_source {
public:
  explicit random_source(std::uint64_t seed) {
    for (auto& word : state_) {
      seed += 0x9e3779b97f4a7c15ULL;
      std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ULL;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    const std::uint64_t answer = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return answer;
  }

  /// 0..bound-1. REQUIRES: bound > 0. The bias of the modulus is below 2^-32 for bounds used here.
  std::uint64_t below(std::uint64_t bound) {
    assert(bound > 0);
    return next() % bound;
  }

  /// low..high, both included. REQUIRES: low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    assert(low <= high);
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  /// An own stream for a part of the world, so that one part's draws do not shift another's.
  [[nodiscard]] random_source fork() { return random_source{next()}; }

private:
  std::array<std::uint64_t, 4> state_{};
};

} // namespace busbar::simulator
