#pragma once
// Latencies in buckets of at most 1/64 of their value, from 1 us to 1 hour; fixed memory. Used by
// one thread.

#include "domain/time.hpp"

#include <array>
#include <cstdint>

namespace busbar::loadtest {

class latency_log {
public:
  /// Negative counts as 0, more than an hour as an hour.
  void add(domain::microseconds latency);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] domain::microseconds longest() const { return longest_; }
  /// The least bucket bound that `permyriad` ten-thousandths of all latencies do not exceed; 0
  /// where there are none. 0..10 000.
  [[nodiscard]] domain::microseconds at(int permyriad) const;

private:
  static constexpr int fine_bits = 6;
  static constexpr std::size_t buckets = (32 - fine_bits + 1) << fine_bits;

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  domain::microseconds longest_{};
};

} // namespace busbar::loadtest
