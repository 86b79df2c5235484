#pragma once
// A TCP server on a free port of the loopback that answers each request with the bytes that it is
// given, whatever is asked.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace busbar::tests {

class raw_server {
public:
  using tcp = boost::asio::ip::tcp;
  /// What is sent after a request's head; a connection is closed after it. Empty: nothing is sent,
  /// and the connection stays until the client closes it.
  explicit raw_server(std::function<std::string()> answer) : answer_(std::move(answer)) {
    thread_ = std::thread{[this] { serve(); }};
  }
  ~raw_server() {
    ends_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }
  raw_server(const raw_server&) = delete;
  raw_server& operator=(const raw_server&) = delete;

  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }
  /// Heads that were read so far.
  [[nodiscard]] int requests() const { return requests_; }
  /// The newest of them.
  [[nodiscard]] std::string head() const {
    const std::lock_guard lock{mutex_};
    return head_;
  }

private:
  void serve() {
    while (!ends_) {
      boost::system::error_code failure;
      auto client = acceptor_.accept(failure);
      if (!failure) answer_one(client);
    }
  }
  void answer_one(tcp::socket& client) {
    std::string head;
    char bytes[4'096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const auto count = ::recv(client.native_handle(), bytes, sizeof bytes, 0);
      if (count <= 0) return;
      head.append(bytes, static_cast<std::size_t>(count));
    }
    {
      const std::lock_guard lock{mutex_};
      head_ = head;
    }
    ++requests_;
    const auto answer = answer_();
    if (answer.empty()) {
      while (::recv(client.native_handle(), bytes, sizeof bytes, 0) > 0) {}
      return;
    }
    std::string_view rest = answer;
    while (!rest.empty()) {
      const auto count = ::send(client.native_handle(), rest.data(), rest.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  const std::function<std::string()> answer_;
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
  std::atomic<bool> ends_{false};
  std::atomic<int> requests_{0};
  mutable std::mutex mutex_;
  std::string head_;
  std::thread thread_;
};

} // namespace busbar::tests
