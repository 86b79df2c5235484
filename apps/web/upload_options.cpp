#include "apps/web/upload_options.hpp"

#include "adapters/uploads/upload_shelf.hpp"

#include <CLI/CLI.hpp>

namespace busbar::apps {

void add_upload_options(CLI::App& command, upload_options& options) {
  command.add_option("--uploads", options.folder,
                     "Folder for diagnostics and logs that stations put here (the folder uploads "
                     "in that of --store where none is stated)");
  command.add_option("--uploads-url", options.address,
                     "http://HOST:PORT or https://HOST:PORT at which stations reach this "
                     "process's API, for files that they put here");
}

domain::result<std::shared_ptr<ports::uploads>> open_uploads(const upload_options& options,
                                                             const std::string& store) {
  using domain::errc;
  using domain::error;
  if (options.address.empty() && options.folder.empty()) return std::shared_ptr<ports::uploads>{};
  if (options.address.empty())
    return error{errc::missing_field,
                 "--uploads: needs --uploads-url, at which stations reach this process"};
  if (options.folder.empty() && store.empty())
    return error{errc::missing_field, "--uploads-url: needs --uploads FOLDER, or --store"};
  const auto folder = options.folder.empty() ? store + "/uploads" : options.folder;
  auto opened = adapters::uploads::upload_shelf::open_folder(folder, options.address);
  if (opened) return std::shared_ptr<ports::uploads>{std::move(opened.value())};
  auto why = opened.failure();
  why.message = (why.code == errc::out_of_range ? "--uploads-url: " : "--uploads: ") + why.message;
  return why;
}

} // namespace busbar::apps
