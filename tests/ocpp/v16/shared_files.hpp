#pragma once
// Files that stand beside the repository and are no part of it.

#include <filesystem>
#include <string>

namespace busbar::ocpp::v16 {

/// `name` below ../shared/ocpp, beside the repository or beside the folder that it stands in; empty
/// where it is not at hand.
inline std::filesystem::path shared_file(const std::string& name) {
  for (const char* above : {"..", "../.."}) {
    const auto path = std::filesystem::path(BUSBAR_SOURCE_DIR) / above / "shared/ocpp" / name;
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

} // namespace busbar::ocpp::v16
