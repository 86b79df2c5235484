#pragma once
// The audit as a file of its own: JSON lines, one entry each, the oldest first, with the names that
// GET /api/audit/logs has. Its chain is verified without the store it came from.

#include "adapters/access/audit_chain.hpp"

#include <istream>
#include <string>

namespace busbar::adapters::access {

/// Without a line's end.
[[nodiscard]] std::string line_of(const ports::audit_entry& entry);
/// errc::malformed: it is no such line.
[[nodiscard]] domain::result<ports::audit_entry> entry_from(const std::string& line);

/// Writes every entry into a new file, for its owner alone. errc::duplicate: there is one;
/// errc::unavailable: it cannot be written, and what was begun is removed.
[[nodiscard]] domain::result<void> export_to(const std::string& path, database& store);

/// Reads every line, from the first entry on. A tail that was cut off does not show: the number and
/// the hash of the last entry have to be those that stand elsewhere.
[[nodiscard]] verified_chain verify_export(std::istream& lines);

} // namespace busbar::adapters::access
