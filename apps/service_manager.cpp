#include "apps/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace busbar::apps {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end ? value : 0;
}

/// A process that inherits the variables is not the one that is watched.
std::chrono::microseconds watchdog_time() {
  const auto watched = variable("WATCHDOG_PID");
  if (!watched.empty() && number(watched) != ::getpid()) return {};
  return std::chrono::microseconds{std::max<std::int64_t>(number(variable("WATCHDOG_USEC")), 0)};
}

} // namespace

service_manager::service_manager() : path_(variable("NOTIFY_SOCKET")) {
  const bool is_address = path_.starts_with('/') || path_.starts_with('@');
  if (!is_address || path_.size() >= sizeof(sockaddr_un::sun_path)) return;
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  alive_every_ = watchdog_time() / 4;
}

service_manager::~service_manager() {
  if (socket_ >= 0) ::close(socket_);
}

void service_manager::report_alive() {
  if (alive_every_.count() == 0) return;
  const auto now = clock::now();
  if (now < alive_next_) return;
  alive_next_ = now + alive_every_;
  send("WATCHDOG=1");
}

/// A manager that does not take the datagram sees no report, and acts on that.
void service_manager::send(std::string_view state) const {
  if (!is_there()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path_.begin(), path_.end(), address.sun_path);
  // "@name" stands for a name without a file: its first byte is zero.
  if (path_.front() == '@') address.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
  static_cast<void>(::sendto(socket_, state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), length));
}

} // namespace busbar::apps
