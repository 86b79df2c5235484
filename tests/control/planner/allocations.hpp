#pragma once
// Counts every `new` of the test program; only differences mean anything.

#include <cstdint>

namespace busbar::control::tests {

[[nodiscard]] std::uint64_t allocations_so_far();

} // namespace busbar::control::tests
