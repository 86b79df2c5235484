#pragma once
// Files that stations put here, as stated on the command line: --uploads and --uploads-url.

#include "domain/result.hpp"
#include "ports/uploads.hpp"

#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace busbar::apps {

struct upload_options {
  /// Empty: the folder "uploads" below that of the history.
  std::string folder;
  /// What stations reach; empty: no files are taken.
  std::string address;
};

void add_upload_options(CLI::App& command, upload_options& options);

/// `store`: folder of the history; empty: none is kept. Null: no files are taken. The errors of
/// `upload_shelf::open_folder`; errc::missing_field where one of both is stated without the other.
[[nodiscard]] domain::result<std::shared_ptr<ports::uploads>>
open_uploads(const upload_options& options, const std::string& store);

} // namespace busbar::apps
