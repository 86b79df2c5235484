#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace busbar::tests {

/// An empty folder that no other test and no other run has, and that is gone with this object.
/// Tests run side by side, each in a process of its own: a file of a fixed name would be shared.
class scratch_folder {
public:
  /// Throws std::system_error where the folder cannot be made.
  scratch_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "busbar-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    path_ = pattern;
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Where the file of this name would stand; it is not made.
  [[nodiscard]] std::string place_of(std::string_view name) const { return path_ / name; }

  /// Makes the file, or replaces it, with exactly these bytes; its path.
  std::string write(std::string_view name, std::string_view bytes) const {
    const auto place = place_of(name);
    std::ofstream(place, std::ios::binary) << bytes;
    return place;
  }

private:
  std::filesystem::path path_;
};

} // namespace busbar::tests
