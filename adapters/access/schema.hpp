#pragma once
// The store's schema as numbered migrations, forward only.

#include "adapters/access/sqlite.hpp"

#include <span>
#include <string>

namespace busbar::adapters::access {

/// Number n, from 1 on, makes schema n of schema n - 1.
[[nodiscard]] std::span<const std::string> migrations();

/// Brings the schema up to date, each migration in a transaction of its own: one that fails leaves
/// the schema before it. errc::wrong_identifier where the schema is of a newer program: both
/// numbers are named, and nothing is changed.
[[nodiscard]] domain::result<void> migrate(database& store, std::span<const std::string> steps);

} // namespace busbar::adapters::access
