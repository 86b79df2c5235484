#pragma once
// The bytes of a file that a person named.

#include "domain/result.hpp"

#include <cstddef>
#include <string>

namespace busbar::adapters::config {

/// All of the regular file at `path`. What has no end or would be waited for (a device, a pipe, a
/// socket) and a folder are refused without reading: errc::unavailable, "cannot be read: why".
/// errc::too_large: more than `bytes_max`.
[[nodiscard]] domain::result<std::string> read_regular_file(const std::string& path,
                                                            std::size_t bytes_max);

/// What `read_regular_file` does with an open descriptor, of whatever kind.
[[nodiscard]] domain::result<std::string> read_descriptor(int descriptor, std::size_t bytes_max);

} // namespace busbar::adapters::config
