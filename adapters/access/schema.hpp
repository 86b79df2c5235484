#pragma once
// The store's schema as numbered migrations, forward only.

#include "adapters/sqlite/migrations.hpp"

#include <span>
#include <string>

namespace busbar::adapters::access {

using sqlite::migrate;

/// Number n, from 1 on, makes schema n of schema n - 1.
[[nodiscard]] std::span<const std::string> migrations();

} // namespace busbar::adapters::access
