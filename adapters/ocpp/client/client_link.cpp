#include "adapters/ocpp/client/client_link.hpp"

#include <boost/asio/connect.hpp>
#include <openssl/evp.h>

#include <algorithm>

namespace busbar::adapters::ocpp::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;

namespace {

/// For a close frame to be answered.
constexpr std::chrono::seconds close_time{2};

/// "Basic ..." of an identity and its password.
std::string basic_of(const std::string& identity, const std::string& password) {
  const auto plain = identity + ":" + password;
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

} // namespace

client_link::client_link(asio::io_context& context, const pool_settings& settings,
                         std::size_t place, listener tell)
    : context_(context), settings_(settings), place_(place), tell_(std::move(tell)),
      resolver_(context), timer_(context),
      random_(settings.seed + (place + 1) * 0x9e37'79b9'7f4a'7c15u) {}

/// Between half of the pause and all of it: those that were lost together come apart.
std::chrono::milliseconds client_link::next_pause() {
  pause_ = std::clamp(pause_ * 2, settings_.again_first, settings_.again_most);
  random_ = random_ * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
  const auto half = pause_.count() / 2;
  const auto part = (random_ >> 33) % static_cast<std::uint64_t>(half + 1);
  return std::chrono::milliseconds{half + static_cast<std::int64_t>(part)};
}

void client_link::connect_after(std::chrono::milliseconds pause) {
  phase_ = phase::waiting;
  timer_.expires_after(pause);
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->phase_ == phase::waiting) self->connect();
  });
}

template <class Handle> auto client_link::guarded(Handle handle) {
  return [self = shared_from_this(), own = now_, handle](error_code failure, const auto&...) {
    if (self->now_ != own || self->phase_ == phase::ended) return;
    handle(*self, failure);
  };
}

void client_link::connect() {
  phase_ = phase::connecting;
  now_ = std::make_shared<connection>(context_);
  timer_.expires_after(settings_.connect_time);
  timer_.async_wait(guarded([](client_link& self, error_code cancelled) {
    if (!cancelled && self.phase_ == phase::connecting) self.lose();
  }));
  resolver_.async_resolve(
      settings_.central.host, settings_.central.port,
      [self = shared_from_this(), own = now_](error_code failure, const auto& found) {
        if (self->now_ != own || self->phase_ == phase::ended) return;
        if (failure) return self->lose();
        self->on_resolved(found);
      });
}

void client_link::on_resolved(const asio::ip::tcp::resolver::results_type& found) {
  asio::async_connect(now_->stream.next_layer().next_layer(), found,
                      guarded([](client_link& self, error_code failure) {
                        if (failure) return self.lose();
                        self.on_connected();
                      }));
}

void client_link::on_connected() {
  error_code ignored;
  auto& link = now_->stream.next_layer();
  link.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
  if (!settings_.central.is_secure) return shake_hands();
  link.secure_as_client(settings_.secure, settings_.central.host);
  link.async_handshake(guarded([](client_link& self, error_code failure) {
    if (failure) return self.lose();
    self.shake_hands();
  }));
}

void client_link::shake_hands() {
  // From here on the stream's own times count.
  timer_.cancel();
  auto& stream = now_->stream;
  stream.set_option(websocket::stream_base::timeout{settings_.connect_time,
                                                    settings_.silence_max, true});
  stream.set_option(websocket::stream_base::decorator(
      [this](websocket::request_type& head) {
        const auto& identity = settings_.identities[place_];
        const auto password = settings_.passwords.find(identity);
        if (password != settings_.passwords.end())
          head.set(beast::http::field::authorization, basic_of(identity, password->second));
        head.set(beast::http::field::sec_websocket_protocol, settings_.protocol);
        head.set(beast::http::field::user_agent, "busbar");
      }));
  stream.read_message_max(settings_.frame_bytes_max);
  stream.auto_fragment(false);
  stream.async_handshake(settings_.central.host + ":" + settings_.central.port,
                         target_of(settings_.central, settings_.identities[place_]),
                         guarded([](client_link& self, error_code failure) {
                           if (failure) return self.lose();
                           self.on_open();
                         }));
}

void client_link::on_open() {
  phase_ = phase::open;
  pause_ = {};
  tell_({place_, link_change::opened, {}});
  read();
}

void client_link::read() {
  now_->stream.async_read(now_->buffer, guarded([](client_link& self, error_code failure) {
                            self.on_frame(failure);
                          }));
}

void client_link::on_frame(error_code failure) {
  if (failure) return lose();
  auto& buffer = now_->buffer;
  const auto bytes = buffer.data();
  if (phase_ == phase::open && now_->stream.got_text())
    tell_({place_, link_change::frame,
           std::string{static_cast<const char*>(bytes.data()), bytes.size()}});
  buffer.consume(buffer.size());
  read();
}

void client_link::send(std::string text) {
  if (phase_ != phase::open) return;
  now_->queue.push_back(std::move(text));
  if (!now_->is_writing) write();
}

void client_link::write() {
  if (now_->queue.empty()) {
    if (now_->closes_after) close();
    return;
  }
  now_->is_writing = true;
  now_->stream.text(true);
  now_->stream.async_write(asio::buffer(now_->queue.front()),
                           guarded([](client_link& self, error_code failure) {
                             if (failure) return self.lose();
                             self.now_->is_writing = false;
                             self.now_->queue.pop_front();
                             self.write();
                           }));
}

void client_link::renew() {
  if (phase_ != phase::open) return;
  now_->closes_after = true;
  if (!now_->is_writing) close();
}

/// What still comes is read meanwhile: the answer to the close is among it.
void client_link::close() {
  phase_ = phase::closing;
  timer_.expires_after(close_time);
  timer_.async_wait(guarded([](client_link& self, error_code cancelled) {
    if (!cancelled && self.phase_ == phase::closing) self.lose();
  }));
  now_->stream.async_close(websocket::close_code::normal,
                           guarded([](client_link& self, error_code) { self.lose(); }));
}

void client_link::lose() {
  const bool was_open = phase_ == phase::open || phase_ == phase::closing;
  error_code ignored;
  if (now_) now_->stream.next_layer().next_layer().close(ignored);
  now_.reset();
  if (was_open) tell_({place_, link_change::closed, {}});
  connect_after(next_pause());
}

void client_link::end() {
  if (phase_ == phase::open && !now_->is_writing) return close();
  if (phase_ != phase::closing) cut();
}

void client_link::cut() {
  phase_ = phase::ended;
  timer_.cancel();
  resolver_.cancel();
  error_code ignored;
  if (now_) now_->stream.next_layer().next_layer().close(ignored);
}

} // namespace busbar::adapters::ocpp::client
