#include "adapters/config/regular_file.hpp"

#include "domain/fault_list.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace busbar::adapters::config {

namespace {

domain::error unreadable(const std::string& why) {
  return {domain::errc::unavailable, "cannot be read: " + why};
}

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  return S_ISSOCK(mode) ? "a socket" : "a device";
}

} // namespace

domain::result<std::string> read_descriptor(int descriptor, std::size_t bytes_max) {
  std::string text;
  std::array<char, 65'536> block{};
  for (;;) {
    const auto got = ::read(descriptor, block.data(), block.size());
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(std::strerror(errno));
    text.append(block.data(), static_cast<std::size_t>(got));
    if (text.size() > bytes_max)
      return domain::error{domain::errc::too_large,
                           "more than the " + domain::grouped(bytes_max) + " bytes allowed"};
  }
}

domain::result<std::string> read_regular_file(const std::string& path, std::size_t bytes_max) {
  // Without waiting: the far end of a pipe may never come.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return unreadable(std::strerror(errno));
  struct stat facts {};
  const bool is_known = ::fstat(descriptor, &facts) == 0;
  auto read = !is_known ? domain::result<std::string>{unreadable(std::strerror(errno))}
              : !S_ISREG(facts.st_mode)
                  ? unreadable(std::string{kind_of(facts.st_mode)} + ": allowed is a regular file")
                  : read_descriptor(descriptor, bytes_max);
  ::close(descriptor);
  return read;
}

} // namespace busbar::adapters::config
