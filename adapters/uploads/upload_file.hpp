#pragma once
// One file in the folder of uploads. Internal to this folder.

#include "domain/result.hpp"
#include "ports/uploads.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace busbar::adapters::uploads {

/// A file that is written from its begin; closed when it is let go of.
class upload_file {
public:
  /// Mode 0600; nothing is there under that name. errc::unavailable.
  [[nodiscard]] static domain::result<std::unique_ptr<upload_file>> make(const std::string& path);
  ~upload_file();
  upload_file(const upload_file&) = delete;
  upload_file& operator=(const upload_file&) = delete;

  /// errc::unavailable.
  [[nodiscard]] domain::result<void> write(std::string_view part);

private:
  upload_file(int descriptor, std::string path)
      : descriptor_(descriptor), path_(std::move(path)) {}

  const int descriptor_;
  const std::string path_;
};

/// The file's bytes, mapped: they are in no memory of this process. Absent: it is not there, or has
/// another size.
[[nodiscard]] std::optional<ports::upload_bytes> mapped(const std::string& path,
                                                        const ports::kept_upload& file);

/// What is known of a file, as JSON; and back, absent: it is no such text.
[[nodiscard]] std::string text_of(const ports::kept_upload& file);
[[nodiscard]] std::optional<ports::kept_upload> upload_from(const std::string& text);

} // namespace busbar::adapters::uploads
