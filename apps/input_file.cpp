#include "apps/input_file.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

namespace busbar::apps {

std::optional<std::string> read_input(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& input = path == "-" ? std::cin : file;
  if (!input) return std::nullopt;
  // Not through stream iterators: they throw out of the buffer where a read fails.
  std::ostringstream text;
  char block[65'536];
  while (input.read(block, sizeof block), input.gcount() > 0) text.write(block, input.gcount());
  if (input.bad()) return std::nullopt;
  return std::move(text).str();
}

} // namespace busbar::apps
