#pragma once
// The bytes of a command's input.

#include "domain/result.hpp"

#include <cstddef>
#include <string>

namespace busbar::apps {

/// All of a regular file, or of standard input (of whatever kind) where `path` is "-". The
/// failure's message says why it cannot be read, without the path; errc::too_large: more than
/// `bytes_max`.
[[nodiscard]] domain::result<std::string> read_input(const std::string& path,
                                                     std::size_t bytes_max);

} // namespace busbar::apps
