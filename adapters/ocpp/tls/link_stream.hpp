#pragma once
// A TCP socket, plain or under TLS, as Asio reads and writes it. Plain it is the socket itself and
// nothing more. Under TLS OpenSSL works on the socket without buffers of its own between them:
// what an idle connection holds is OpenSSL's state alone. One thread; one read and one write at a
// time.

#include <utility>

#include "adapters/ocpp/tls/handshake_failure.hpp"
#include "adapters/ocpp/tls/tls_context.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::tls {

class link_stream {
public:
  using next_layer_type = boost::asio::ip::tcp::socket;
  using executor_type = next_layer_type::executor_type;
  using error_code = boost::system::error_code;

  explicit link_stream(next_layer_type socket);
  ~link_stream();
  link_stream(const link_stream&) = delete;
  link_stream& operator=(const link_stream&) = delete;

  executor_type get_executor() { return socket_.get_executor(); }
  next_layer_type& next_layer() { return socket_; }
  const next_layer_type& next_layer() const { return socket_; }

  /// From now on what is read and written is under TLS. REQUIRES: connected, once.
  void secure_as_server(const shared_context& context);
  /// `host` is held to the certificate of the other end, and is sent as its name.
  void secure_as_client(const shared_context& context, const std::string& host);
  [[nodiscard]] bool is_secure() const { return ssl_ != nullptr; }

  /// Why the handshake failed. REQUIRES: it did.
  [[nodiscard]] handshake_failure failure() const { return failure_; }
  /// Common name and alternative names of the certificate that the other end has presented and
  /// proved; empty: none.
  [[nodiscard]] std::vector<std::string> peer_names() const;
  friend bool is_revoked(const link_stream& link, const shared_context& context);
  /// TLS's goodbye, as far as the socket takes it at once; nothing on a plain one.
  void say_goodbye();

  template <class Token> auto async_handshake(Token&& token) {
    return drive([this] { return shake_hands(); }, std::forward<Token>(token));
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          if (!is_secure()) return socket_.async_read_some(into, std::move(handler));
          drive([this, place = first_of(into)] { return read(place); }, std::move(handler));
        },
        token, buffers);
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          if (!is_secure()) return socket_.async_write_some(from, std::move(handler));
          drive([this, from] { return write_gathered(from); }, std::move(handler));
        },
        token, buffers);
  }

private:
  enum class want { nothing, to_read, to_write };
  /// What one attempt came to: an end, or what the socket is waited for.
  struct progress {
    want wants = want::nothing;
    error_code failure;
    std::size_t bytes = 0;
  };
  /// What a record of TLS holds.
  static constexpr std::size_t record_bytes = 16'384;

  [[nodiscard]] progress shake_hands();
  [[nodiscard]] progress read(boost::asio::mutable_buffer into);
  [[nodiscard]] progress write(boost::asio::const_buffer from);
  [[nodiscard]] progress outcome_of(int returned);
  void secure(const shared_context& context);

  template <class Buffers> static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at)
      if (boost::asio::mutable_buffer(*at).size() > 0) return *at;
    return {};
  }

  /// A frame's head and its text are one record: one write, one piece on the wire.
  template <class Buffers> progress write_gathered(const Buffers& buffers) {
    const auto begin = boost::asio::buffer_sequence_begin(buffers);
    const auto end = boost::asio::buffer_sequence_end(buffers);
    if (begin != end && std::next(begin) == end) return write(*begin);
    std::array<char, record_bytes> gathered;
    const auto bytes = boost::asio::buffer_copy(boost::asio::buffer(gathered), buffers);
    return write(boost::asio::buffer(gathered, bytes));
  }

  /// Attempts until there is an end, with waits for the socket between; the handler is never
  /// called from within.
  template <class Attempt, class Token> auto drive(Attempt attempt, Token&& token) {
    return boost::asio::async_compose<Token, void(error_code, std::size_t)>(
        [this, attempt, is_first = true, is_done = false,
         made = progress{}](auto& self, error_code failure = {}, std::size_t = 0) mutable {
          if (is_done) return self.complete(made.failure, made.bytes);
          if (failure) return self.complete(failure, 0);
          made = attempt();
          const bool is_inside = std::exchange(is_first, false);
          is_done = made.wants == want::nothing;
          if (made.wants == want::to_read)
            return socket_.async_wait(next_layer_type::wait_read, std::move(self));
          if (made.wants == want::to_write)
            return socket_.async_wait(next_layer_type::wait_write, std::move(self));
          if (is_inside) return boost::asio::post(socket_.get_executor(), std::move(self));
          self.complete(made.failure, made.bytes);
        },
        token, socket_);
  }

  struct session;
  next_layer_type socket_;
  std::unique_ptr<session> ssl_;
  handshake_failure failure_ = handshake_failure::none;
};

/// A list of `context` has revoked the certificate that the other end has presented.
[[nodiscard]] bool is_revoked(const link_stream& link, const shared_context& context);

/// How Beast ends a WebSocket's stream.
template <class Handler>
void async_teardown(boost::beast::role_type role, link_stream& stream, Handler&& handler) {
  stream.say_goodbye();
  boost::beast::websocket::async_teardown(role, stream.next_layer(),
                                          std::forward<Handler>(handler));
}
void teardown(boost::beast::role_type role, link_stream& stream,
              boost::system::error_code& failure);

} // namespace busbar::adapters::ocpp::tls
