#pragma once
// Places of site files on the command line: files, and folders of files.

#include "domain/fault_list.hpp"

#include <string>
#include <vector>

namespace busbar::apps {

/// The files among `places` and, by name, every .toml file of the folders among them. A folder that
/// holds none, or cannot be read, is a fault.
[[nodiscard]] std::vector<std::string> site_files_of(const std::vector<std::string>& places,
                                                     domain::fault_list& faults);

} // namespace busbar::apps
