#pragma once
// The history's schema as numbered migrations, forward only. One that was released never changes:
// tests/adapters/store/schema_test.cpp holds the hash of each.

#include <span>
#include <string>

namespace busbar::adapters::store {

/// Number n, from 1 on, makes schema n of schema n - 1.
[[nodiscard]] std::span<const std::string> migrations();

} // namespace busbar::adapters::store
