#pragma once
// A schema as numbered migrations, forward only.

#include "adapters/sqlite/sqlite.hpp"

#include <span>
#include <string>

namespace busbar::adapters::sqlite {

/// Brings the schema up to date, each of `steps` in a transaction of its own: one that fails leaves
/// the schema before it. Number n, from 1 on, makes schema n of schema n - 1.
/// errc::wrong_identifier where the schema is of a newer program: both numbers are named, and
/// nothing is changed.
[[nodiscard]] domain::result<void> migrate(database& store, std::span<const std::string> steps);

/// The number of the schema; 0: there is none.
[[nodiscard]] domain::result<std::int64_t> schema_of(database& store);

} // namespace busbar::adapters::sqlite
