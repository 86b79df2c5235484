#pragma once
// Random bytes, digests and their texts.

#include "domain/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::access {

/// From the system's source; aborts where there is none.
[[nodiscard]] std::string random_bytes(std::size_t count);
/// Base64 for URLs, without padding (RFC 4648, 5).
[[nodiscard]] std::string base64url(std::string_view bytes);
/// Nothing where it is not exactly what `base64url` makes.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);
/// SHA-256, as base64url.
[[nodiscard]] std::string digest_of(std::string_view bytes);
/// Takes as long whether they are equal or not, as long as their sizes are.
[[nodiscard]] bool are_equal(std::string_view one, std::string_view other);

/// The bytes of a regular file that its owner alone may read. errc::forbidden where others may,
/// errc::unavailable where it cannot be read.
[[nodiscard]] domain::result<std::string> secret_file(const std::string& path);
/// Makes the file with mode 0600, whole or not at all.
[[nodiscard]] domain::result<void> write_secret_file(const std::string& path,
                                                     std::string_view bytes);
/// Makes the folder with mode 0700 where it is not there. errc::forbidden where others may write
/// to it.
[[nodiscard]] domain::result<void> secret_folder(const std::string& path);

} // namespace busbar::adapters::access
