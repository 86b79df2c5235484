#pragma once
// What is done with a store from another process, also beside a running engine. `status_of` and
// `check` only read: they make no file and change none.

#include "domain/result.hpp"
#include "ports/archive.hpp"

#include <string>

namespace busbar::adapters::store {

/// Rows, bytes, schema. errc::unknown_reference: there is no store; errc::wrong_identifier: a newer
/// program has written it; errc::unavailable.
[[nodiscard]] domain::result<ports::archive_status> status_of(const std::string& folder);
/// errc::malformed: what is wrong with it; and the errors of `status_of`.
[[nodiscard]] domain::result<void> check(const std::string& folder);
/// A whole copy with an id of its own: it reads the log from its beginning. Written beside `place`
/// first, under a name of its own, and moved there once it is on the disk; it replaces nothing, and
/// what could not be finished is removed. errc::duplicate: `place` is taken; and the errors
/// of `status_of`.
[[nodiscard]] domain::result<void> back_up(const std::string& folder, const std::string& place);

} // namespace busbar::adapters::store
