#include "apps/site_places.hpp"

#include <algorithm>
#include <filesystem>

namespace busbar::apps {

namespace fs = std::filesystem;

namespace {

void add_folder(const fs::path& folder, std::vector<std::string>& files,
                domain::fault_list& faults) {
  std::error_code failed;
  const auto before = files.size();
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".toml") files.push_back(at->path().string());
  if (failed) faults.add(folder.string() + ": " + failed.message());
  else if (files.size() == before) faults.add(folder.string() + ": holds no site file (*.toml)");
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
}

} // namespace

std::vector<std::string> site_files_of(const std::vector<std::string>& places,
                                       domain::fault_list& faults) {
  std::vector<std::string> files;
  for (const auto& place : places) {
    std::error_code failed;
    if (fs::is_directory(place, failed)) add_folder(place, files, faults);
    else files.push_back(place);
  }
  return files;
}

} // namespace busbar::apps
