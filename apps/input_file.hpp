#pragma once
// The bytes of a command's input.

#include <optional>
#include <string>

namespace busbar::apps {

/// All of a file, or of standard input where `path` is "-". Absent: it cannot be opened or read, as
/// a folder.
[[nodiscard]] std::optional<std::string> read_input(const std::string& path);

} // namespace busbar::apps
