#pragma once
// Which seeds a simulation runs with.

#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

namespace busbar::tests {

/// The test's own, unless the environment states others: `SEED=25` is that one alone,
/// `SEED=25 RUNS=100` the 100 from 25 on.
inline std::vector<std::uint64_t> seeds_or(std::vector<std::uint64_t> own) {
  const char* first = std::getenv("SEED");
  const char* runs = std::getenv("RUNS");
  if (first == nullptr) return own;
  std::vector<std::uint64_t> seeds(runs ? std::strtoull(runs, nullptr, 10) : 1);
  std::iota(seeds.begin(), seeds.end(), std::strtoull(first, nullptr, 10));
  return seeds;
}

} // namespace busbar::tests
