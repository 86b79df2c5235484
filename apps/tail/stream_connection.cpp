#include "apps/tail/stream_connection.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace busbar::apps {

namespace {

constexpr std::size_t read_bytes = 65'536;

/// A connected socket, or -1 with errno.
int connect_to(const addrinfo& where) {
  const int made = ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC, 0);
  if (made >= 0 && ::connect(made, where.ai_addr, where.ai_addrlen) != 0) {
    const int why = errno;
    ::close(made);
    errno = why;
    return -1;
  }
  return made;
}

bool send_all(int socket, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const auto done = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (done <= 0) return false;
    sent += static_cast<std::size_t>(done);
  }
  return true;
}

} // namespace

domain::result<stream_address> stream_address_of(const std::string& url) {
  const std::string scheme = "http://";
  std::string rest = url.starts_with(scheme) ? url.substr(scheme.size()) : std::string{};
  if (rest.ends_with('/')) rest.pop_back();
  const auto colon = rest.find(':');
  const std::string host = rest.substr(0, colon);
  const std::string port = colon == std::string::npos ? "80" : rest.substr(colon + 1);
  const bool is_port = !port.empty() && port.size() <= 5 &&
                       port.find_first_not_of("0123456789") == std::string::npos;
  if (host.empty() || host.find('/') != std::string::npos || !is_port)
    return domain::error{domain::errc::out_of_range,
                         "url '" + url + "': allowed is http://host:port"};
  return stream_address{host, port, {}};
}

stream_connection::~stream_connection() { close(); }

void stream_connection::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

domain::result<void> stream_connection::open(const stream_address& address,
                                             const std::string& target,
                                             const std::string& last_event_id) {
  close();
  const std::string where = address.host + ":" + address.port;
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found))
    return domain::error{domain::errc::unavailable, where + ": " + ::gai_strerror(code)};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all{found, ::freeaddrinfo};
  for (const auto* each = found; each && socket_ < 0; each = each->ai_next)
    socket_ = connect_to(*each);
  if (socket_ < 0)
    return domain::error{domain::errc::unavailable, where + ": " + std::strerror(errno)};
  std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + where +
                        "\r\nAccept: text/event-stream\r\n";
  if (!address.token.empty()) request += "Authorization: Bearer " + address.token + "\r\n";
  if (!last_event_id.empty()) request += "Last-Event-ID: " + last_event_id + "\r\n";
  if (send_all(socket_, request + "\r\n")) return {};
  return domain::error{domain::errc::unavailable, where + ": " + std::strerror(errno)};
}

wait_outcome stream_connection::wait(std::chrono::milliseconds patience, std::string& into) {
  // No event is asked for on the output: an error shows all the same, when its reader is gone.
  std::array<pollfd, 2> places{{{socket_, POLLIN, 0}, {STDOUT_FILENO, 0, 0}}};
  if (::poll(places.data(), places.size(), static_cast<int>(patience.count())) <= 0)
    return wait_outcome::nothing;
  if (places[1].revents & POLLERR) return wait_outcome::no_reader;
  if (!places[0].revents) return wait_outcome::nothing;
  into.resize(read_bytes);
  const auto got = ::recv(socket_, into.data(), into.size(), 0);
  into.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return got > 0 ? wait_outcome::bytes : wait_outcome::closed;
}

} // namespace busbar::apps
