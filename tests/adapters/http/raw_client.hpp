#pragma once
// A blocking TCP client that sends exactly the bytes it is given and waits with a deadline.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace busbar::tests {

struct raw_answer {
  unsigned status = 0;
  std::string head;
  std::string body;

  /// The header's value; empty where it is absent.
  [[nodiscard]] std::string header(const std::string& name) const {
    const auto begin = head.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return "";
    const auto value = begin + name.size() + 4;
    return head.substr(value, head.find("\r\n", value) - value);
  }
};

class raw_client {
public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0) {
    socket_.open(boost::asio::ip::tcp::v4());
    if (receive_buffer > 0)
      socket_.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer));
    const timeval patience{10, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  /// False where the other side has closed already.
  bool send(std::string_view bytes) {
    return ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

  /// One answer, of which the head says how long it is.
  raw_answer receive(bool has_body = true) {
    raw_answer answer;
    if (!read_until("\r\n\r\n")) return answer;
    const auto end = pending_.find("\r\n\r\n");
    answer.head = pending_.substr(0, end + 2);
    pending_.erase(0, end + 4);
    answer.status = static_cast<unsigned>(std::atoi(answer.head.c_str() + 9));
    const std::string length = answer.header("Content-Length");
    if (!has_body || length.empty()) return answer;
    const auto bytes = static_cast<std::size_t>(std::atoll(length.c_str()));
    while (pending_.size() < bytes && more()) {}
    answer.body = pending_.substr(0, bytes);
    pending_.erase(0, bytes);
    return answer;
  }

  raw_answer ask(const std::string& method, const std::string& target,
                 const std::string& headers = "", const std::string& body = "") {
    const std::string length =
        body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    const std::string first = method + " " + target + " HTTP/1.1\r\nHost: busbar\r\n";
    send(first + headers + length + "\r\n" + body);
    return receive(method != "HEAD");
  }

  /// Reads on until `mark` has come; everything up to and including it. Empty where it never does.
  std::string take_until(const std::string& mark) {
    if (!read_until(mark)) return "";
    const auto end = pending_.find(mark) + mark.size();
    const std::string taken = pending_.substr(0, end);
    pending_.erase(0, end);
    return taken;
  }

  /// Whether the other side closes, after any bytes, within the deadline.
  bool is_closed_by_server() {
    while (more()) pending_.clear();
    return is_closed_;
  }

private:
  bool read_until(const std::string& mark) {
    while (pending_.find(mark) == std::string::npos)
      if (!more()) return false;
    return true;
  }

  bool more() {
    char bytes[65'536];
    const ssize_t count = ::recv(socket_.native_handle(), bytes, sizeof bytes, 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) is_closed_ = true;
    if (count <= 0) return false;
    pending_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_{context_};
  std::string pending_;
  bool is_closed_ = false;
};

} // namespace busbar::tests
