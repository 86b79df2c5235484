#include "adapters/ocpp/server/connection.hpp"

#include "adapters/ocpp/server/handshake.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>

namespace busbar::adapters::ocpp::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

namespace {

/// For a close frame to be answered; the socket is cut after it.
constexpr std::chrono::seconds close_time{2};
/// A frame's read buffer does not stay larger than this.
constexpr std::size_t kept_buffer_bytes = 4'096;

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

/// To a request without TLS where TLS is spoken.
constexpr std::string_view spoken_here =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 35\r\n"
    "Connection: close\r\n\r\nTLS is spoken here: wss://, https.\n";

/// All lines of the header as one list.
template <class Message> std::string joined(const Message& message, http::field name) {
  std::string lines;
  const auto range = message.equal_range(name);
  for (auto at = range.first; at != range.second; ++at) {
    if (!lines.empty()) lines += ',';
    lines += std::string{at->value()};
  }
  return lines;
}

} // namespace

connection::connection(asio::ip::tcp::socket socket, server_state& state)
    : state_(state), stream_(std::move(socket)),
      deadline_(stream_.get_executor()) {
  state_.all.insert(this);
}

connection::~connection() { state_.all.erase(this); }

void connection::start(const tls::shared_context& context, bool is_local) {
  head_ = std::make_unique<head_reader>();
  head_->parser.header_limit(state_.settings.head_bytes_max);
  head_->security.is_local = is_local;
  head_->security.is_encrypted = context != nullptr;
  deadline_.expires_after(state_.settings.handshake_time);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->phase_ == phase::open || self->phase_ == phase::closed) return;
    if (self->phase_ != phase::securing) ++self->state_.counters.late_heads;
    else self->state_.certificates->count_failure(tls::handshake_failure::slow);
    self->cut();
  });
  if (!context) return read_head();
  phase_ = phase::securing;
  auto& link = stream_.next_layer();
  link.secure_as_server(context);
  link.async_handshake([self = shared_from_this()](error_code failure, std::size_t) {
    self->on_secured(failure);
  });
}

void connection::on_secured(error_code failure) {
  if (phase_ != phase::securing) return;
  auto& link = stream_.next_layer();
  if (failure) {
    state_.certificates->count_failure(link.failure());
    // Without TLS, as far as the socket takes it at once.
    const bool is_plain = link.failure() == tls::handshake_failure::plain_request;
    if (is_plain) link.next_layer().write_some(asio::buffer(spoken_here), failure);
    return cut();
  }
  state_.certificates->count_secured();
  head_->security.certified_names = link.peer_names();
  phase_ = phase::head;
  read_head();
}

void connection::read_head() {
  http::async_read_header(stream_.next_layer(), buffer_, head_->parser,
                          [self = shared_from_this()](error_code failure, std::size_t) {
                            self->on_head(failure);
                          });
}

void connection::on_head(error_code failure) {
  if (phase_ != phase::head) return;
  if (failure == http::error::header_limit) return refuse(431);
  if (failure) return cut();
  if (const auto status = judge_head(); status != 101) return refuse(status);
  const bool has_session = state_.door.has_session(identity_);
  if (const auto later = state_.gate.ask(has_session, clock::now())) {
    ++state_.counters.put_off;
    return refuse(503, later);
  }
  const auto holder = state_.holders.find(identity_);
  if (holder == state_.holders.end()) return upgrade();
  phase_ = phase::challenging;
  // Time that the first one takes is not the newcomer's.
  deadline_.cancel();
  holder->second->be_challenged(shared_from_this());
}

unsigned connection::judge_head() {
  const auto& head = head_->parser.get();
  const std::string target{head.target()};
  if (!websocket::is_upgrade(head)) return 426;
  // OCPP-4: a path that names no station is a station that is not known.
  identity_ = identity_of(target, state_.settings.prefix).value_or("");
  const bool is_admitted =
      state_.door.admits({identity_, std::string{head[http::field::authorization]},
                          std::move(head_->security)});
  if (!is_admitted) return 401;
  protocol_ = chosen_protocol(joined(head, http::field::sec_websocket_protocol),
                              state_.settings.protocols);
  return 101;
}

void connection::be_challenged(std::shared_ptr<connection> other) {
  if (life_.challenger) return other->challenged(true);
  life_.challenger = std::move(other);
  if (phase_ != phase::open) return;
  life_.pinged = {};
  pulse(clock::now());
  deadline_.expires_after(state_.settings.challenge_time);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->answer_challenge(false);
  });
}

void connection::answer_challenge(bool has_answered) {
  const auto other = std::exchange(life_.challenger, nullptr);
  if (!other) return;
  if (!has_answered) cut();
  other->challenged(has_answered);
}

void connection::challenged(bool has_answered) {
  if (phase_ != phase::challenging) return refuse(409);
  if (!has_answered) {
    ++state_.counters.taken_over;
    return upgrade();
  }
  ++state_.counters.contested;
  state_.door.contested(identity_, now());
  refuse(409);
}

void connection::refuse(unsigned status, std::optional<std::uint32_t> again_after_s) {
  ++state_.counters.refused;
  phase_ = phase::closing;
  auto& answer = head_->answer.emplace(static_cast<http::status>(status), 11);
  if (status == 401) answer.set(http::field::www_authenticate, "Basic realm=\"ocpp\"");
  if (status == 426) answer.set(http::field::upgrade, "websocket");
  if (again_after_s) answer.set(http::field::retry_after, std::to_string(*again_after_s));
  answer.set(http::field::content_type, "text/plain");
  answer.body() = std::string{http::obsolete_reason(static_cast<http::status>(status))} + "\n";
  answer.keep_alive(false);
  answer.prepare_payload();
  http::async_write(stream_.next_layer(), answer,
                    [self = shared_from_this()](error_code, std::size_t) {
                      error_code ignored;
                      auto& link = self->stream_.next_layer();
                      link.say_goodbye();
                      link.next_layer().shutdown(socket_type::shutdown_send, ignored);
                      self->cut();
                    });
}

void connection::upgrade() {
  phase_ = phase::upgrading;
  state_.holders[identity_] = this;
  stream_.set_option(websocket::stream_base::timeout{
      state_.settings.handshake_time, websocket::stream_base::none(), false});
  stream_.set_option(websocket::stream_base::decorator([this](websocket::response_type& answer) {
    if (!protocol_.empty()) answer.set(http::field::sec_websocket_protocol, protocol_);
    answer.set(http::field::server, "busbar");
  }));
  stream_.read_message_max(state_.settings.frame_bytes_max);
  stream_.auto_fragment(false);
  stream_.async_accept(head_->parser.get(), [self = shared_from_this()](error_code failure) {
    self->on_upgraded(failure);
  });
}

void connection::on_upgraded(error_code failure) {
  if (phase_ != phase::upgrading) return;
  if (failure) return cut();
  deadline_.cancel();
  head_.reset();
  buffer_.consume(buffer_.size());
  phase_ = phase::open;
  life_.heard = life_.pinged = clock::now();
  // Lists may have been read since its handshake.
  if (state_.certificates) hold_to(state_.certificates->context());
  if (phase_ != phase::open) return;
  if (protocol_.empty()) {
    // OCPP-J 3.2: the handshake ends without a protocol, and so does the connection.
    ++state_.counters.unspoken;
    return close(close_code::protocol_error);
  }
  ++state_.counters.handshakes;
  ++state_.counters.open;
  link_ = ++state_.last_link;
  state_.by_link[link_] = this;
  stream_.control_callback([this](websocket::frame_type, beast::string_view) {
    heard();
    if (link_ != 0) state_.door.alive(link_, now());
    state_.flush();
  });
  state_.door.opened(link_, identity_, now());
  read();
  state_.flush();
}

void connection::heard() {
  life_.heard = clock::now();
  if (!life_.challenger) return;
  deadline_.cancel();
  answer_challenge(true);
}

void connection::read() {
  stream_.async_read(buffer_, [self = shared_from_this()](error_code failure, std::size_t) {
    self->on_frame(failure);
  });
}

void connection::on_frame(error_code failure) {
  if (phase_ == phase::closed) return;
  if (failure == websocket::error::message_too_big) ++state_.counters.too_big;
  if (failure) return cut();
  heard();
  const auto bytes = buffer_.data();
  if (stream_.got_text()) {
    ++state_.counters.frames_in;
    const std::string_view text{static_cast<const char*>(bytes.data()), bytes.size()};
    state_.door.frame(link_, text, now());
  } else {
    ++state_.counters.not_text;
  }
  buffer_.consume(buffer_.size());
  if (buffer_.capacity() > kept_buffer_bytes) buffer_.shrink_to_fit();
  state_.flush();
  if (phase_ != phase::closed) read();
}

void connection::send(std::string text) {
  if (phase_ != phase::open) return;
  out_.bytes += text.size();
  if (out_.bytes > state_.settings.unsent_bytes_max) {
    ++state_.counters.slow;
    return cut();
  }
  out_.queue.push_back(std::move(text));
  if (!out_.is_writing) write();
}

void connection::write() {
  if (out_.queue.empty()) {
    if (out_.closes_after) close(*out_.closes_after);
    return;
  }
  out_.is_writing = true;
  stream_.text(true);
  stream_.async_write(asio::buffer(out_.queue.front()),
                      [self = shared_from_this()](error_code failure, std::size_t) {
                        self->out_.is_writing = false;
                        if (self->phase_ == phase::closed) return;
                        if (failure) return self->cut();
                        ++self->state_.counters.frames_out;
                        self->out_.bytes -= self->out_.queue.front().size();
                        self->out_.queue.pop_front();
                        self->write();
                      });
}

void connection::close(close_code why) {
  if (phase_ != phase::open) return phase_ == phase::closing ? void() : cut();
  out_.closes_after = why;
  if (out_.is_writing) return;
  phase_ = phase::closing;
  deadline_.expires_after(close_time);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled) self->cut();
  });
  const auto code = static_cast<websocket::close_code>(why);
  stream_.async_close(websocket::close_reason{code},
                      [self = shared_from_this()](error_code) { self->cut(); });
}

void connection::hold_to(const tls::shared_context& context) {
  if (phase_ != phase::open || !is_revoked(stream_.next_layer(), context)) return;
  ++state_.counters.revoked;
  close(close_code::policy);
}

void connection::cut() {
  if (phase_ == phase::closed) return;
  phase_ = phase::closed;
  deadline_.cancel();
  error_code ignored;
  stream_.next_layer().next_layer().close(ignored);
  if (const auto held = state_.holders.find(identity_);
      held != state_.holders.end() && held->second == this)
    state_.holders.erase(held);
  if (const auto link = std::exchange(link_, 0); link != 0) {
    --state_.counters.open;
    state_.by_link.erase(link);
    state_.door.closed(link, now());
  }
  answer_challenge(false);
}

void connection::pulse(clock::time_point at) {
  if (phase_ != phase::open) return;
  if (at - life_.heard > state_.settings.silence_max) {
    ++state_.counters.silent;
    return cut();
  }
  if (life_.is_pinging || at - life_.pinged < state_.settings.ping_every) return;
  life_.pinged = at;
  life_.is_pinging = true;
  stream_.async_ping({}, [self = shared_from_this()](error_code failure) {
    self->life_.is_pinging = false;
    if (failure && self->phase_ == phase::open) self->cut();
  });
}

} // namespace busbar::adapters::ocpp::server
