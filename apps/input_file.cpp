#include "apps/input_file.hpp"

#include "adapters/config/regular_file.hpp"

#include <unistd.h>

namespace busbar::apps {

domain::result<std::string> read_input(const std::string& path, std::size_t bytes_max) {
  return path == "-" ? adapters::config::read_descriptor(STDIN_FILENO, bytes_max)
                     : adapters::config::read_regular_file(path, bytes_max);
}

} // namespace busbar::apps
