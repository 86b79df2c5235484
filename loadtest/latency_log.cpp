#include "loadtest/latency_log.hpp"

#include <algorithm>
#include <bit>

namespace busbar::loadtest {

namespace {

constexpr std::uint64_t longest_us = 3'600'000'000;

} // namespace

void latency_log::add(domain::microseconds latency) {
  const auto us = std::clamp<std::int64_t>(latency.count(), 0, longest_us);
  const auto value = static_cast<std::uint64_t>(us);
  const int width = static_cast<int>(std::bit_width(value));
  const int shift = std::max(width - fine_bits - 1, 0);
  // Values below 2^7 have buckets of their own; above, each doubling has 64.
  const auto place = (static_cast<std::uint64_t>(shift) << fine_bits) + (value >> shift);
  ++counts_[std::min<std::size_t>(place, buckets - 1)];
  ++count_;
  longest_ = std::max(longest_, domain::microseconds{us});
}

domain::microseconds latency_log::at(int permyriad) const {
  const auto wanted = (count_ * static_cast<std::uint64_t>(permyriad) + 9'999) / 10'000;
  std::uint64_t seen = 0;
  for (std::size_t place = 0; place < buckets; ++place) {
    seen += counts_[place];
    if (seen < wanted || seen == 0) continue;
    const auto shift = place < (2U << fine_bits) ? 0 : (place >> fine_bits) - 1;
    const auto fine = place - (shift << fine_bits);
    const auto bound = ((fine + 1) << shift) - 1;
    return std::min(domain::microseconds{static_cast<std::int64_t>(bound)}, longest_);
  }
  return longest_;
}

} // namespace busbar::loadtest
