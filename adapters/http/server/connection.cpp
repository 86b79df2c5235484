#include "adapters/http/server/connection.hpp"

#include "adapters/http/server/http_date.hpp"
#include "adapters/http/server/negotiation.hpp"
#include "adapters/http/server/order_keys.hpp"
#include "adapters/http/server/problem.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

namespace busbar::adapters::http::server {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr const char* plain_text = "TLS is spoken here: https://, and nothing without it";
constexpr std::size_t target_bytes_max = 2'048;
/// Bytes of a refused request that are read and forgotten before the connection is closed.
constexpr std::size_t drained_bytes_max = 1'048'576;
constexpr std::chrono::milliseconds drain_time{500};
/// Events written to a stream at once.
constexpr std::size_t gathered_events_max = 64;
/// Kernel memory of one socket's unsent bytes.
constexpr int socket_bytes = 262'144;
/// Kept for refusals and for streams that are not behind.
constexpr std::size_t unsent_reserve = 2'097'152;
/// A stream's reader with more than this waiting is behind.
constexpr std::size_t behind_bytes = 65'536;

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

std::string media_type(beast::string_view header) {
  std::string type{header.substr(0, header.find(';'))};
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return type;
}

method method_of(beast::http::verb verb) {
  if (verb == beast::http::verb::get || verb == beast::http::verb::head) return method::get;
  if (verb == beast::http::verb::post) return method::post;
  if (verb == beast::http::verb::put) return method::put;
  if (verb == beast::http::verb::patch) return method::patch;
  return verb == beast::http::verb::delete_ ? method::remove : method::other;
}

template <class Message> request request_of(const Message& message) {
  request asked;
  asked.verb = method_of(message.method());
  asked.content_type = media_type(message[beast::http::field::content_type]);
  asked.if_none_match = std::string{message[beast::http::field::if_none_match]};
  asked.accept_encoding = std::string{message[beast::http::field::accept_encoding]};
  asked.accept = std::string{message[beast::http::field::accept]};
  asked.last_event_id = std::string{message["Last-Event-ID"]};
  asked.key = std::string{message[key_header]};
  asked.forwarded_by = std::string{message["X-Busbar-Forwarded"]};
  asked.papers = {std::string{message[beast::http::field::authorization]},
                  std::string{message[beast::http::field::cookie]},
                  std::string{message[beast::http::field::origin]},
                  std::string{message[beast::http::field::host]},
                  std::string{message["X-Forwarded-For"]}, {}};
  asked.target = std::string{message.target()};
  asked.body = message.body();
  asked.received_at = now();
  return asked;
}

std::string secure_cookie(const std::string& cookie) {
  constexpr const char* mark = "; Secure";
  return cookie.find(mark) == std::string::npos ? cookie + mark : cookie;
}

response options_response(const std::string& allow) {
  response answer;
  answer.status = 204;
  answer.content_type.clear();
  answer.headers.push_back({"Allow", allow});
  return answer;
}

std::string peer_of(const asio::ip::tcp::socket& socket) {
  boost::system::error_code failure;
  const auto peer = socket.remote_endpoint(failure);
  return failure ? std::string{} : peer.address().to_string();
}

/// Nothing: the answer comes through `late`.
std::optional<response> answer_request(const router& routes, beast::http::verb verb,
                                       std::string_view target, request& asked,
                                       const responder& late) {
  const bool is_options = verb == beast::http::verb::options;
  if (is_options && target == "*")
    return options_response("GET, HEAD, POST, PATCH, DELETE, OPTIONS");
  if (target.size() > target_bytes_max)
    return problem(414, "a target has at most " + std::to_string(target_bytes_max) + " bytes", "");
  if (!split_target(target, asked))
    return problem(400, "the target is no path with a query of at most 32 parameters", "");
  if (!is_options) return routes.answer(asked, late);
  const std::string allow = routes.allowed(asked);
  if (allow.empty()) return problem(404, "there is nothing at " + asked.path, asked.path);
  return options_response(allow);
}

response failure_response(boost::system::error_code failure, const server_settings& settings) {
  using beast::http::error;
  if (failure == error::header_limit || failure == error::buffer_overflow)
    return problem(431, "a request's head has at most " +
                            std::to_string(settings.head_bytes_max) + " bytes", "");
  if (failure == error::body_limit)
    return problem(413, "a body has at most " + std::to_string(settings.body_bytes_max) + " bytes",
                   "");
  return problem(400, "not HTTP: " + failure.message(), "");
}

} // namespace

connection::connection(asio::ip::tcp::socket socket, server_state& state)
    : link_(std::move(socket)), state_(state), deadline_(link_.get_executor()),
      buffer_(state.settings.head_bytes_max + 65'536) {
  const std::lock_guard lock{state_.mutex};
  state_.connections.insert(this);
}

connection::~connection() {
  state_.unsent.give_back(held_bytes_);
  const std::lock_guard lock{state_.mutex};
  state_.connections.erase(this);
}

void connection::start(tls::shared_context context) {
  error_code ignored;
  link_.next_layer().set_option(asio::socket_base::send_buffer_size(socket_bytes), ignored);
  asio::post(link_.get_executor(), [self = shared_from_this(), context = std::move(context)] {
    if (!context) return self->read();
    self->phase_ = phase::securing;
    self->arm(self->state_.settings.request_time);
    self->link_.secure_as_server(context);
    self->link_.async_handshake(
        [self](error_code failure, std::size_t) { self->on_secured(failure); });
  });
}

void connection::on_secured(error_code failure) {
  if (phase_ != phase::securing) return;
  if (!failure) {
    state_.certificates->count_secured();
    return read();
  }
  const auto why = link_.failure();
  state_.certificates->count_failure(why);
  // What begins as no TLS is most likely HTTP, whatever its method.
  const bool is_plain = why == tls::handshake_failure::plain_request ||
                        why == tls::handshake_failure::no_tls;
  if (!is_plain) return close();
  answer(problem(400, plain_text, ""), false, false);
}

void connection::refuse() {
  ++state_.refused_connections;
  asio::post(link_.get_executor(), [self = shared_from_this()] {
    // Under TLS a handshake would have to come first.
    if (self->state_.certificates) return self->close();
    self->answer(problem(503, "too many connections", ""), false, false);
  });
}

void connection::shut() {
  asio::post(link_.get_executor(), [self = shared_from_this()] {
    self->is_shutting_ = true;
    if (self->phase_ != phase::writing) self->close();
  });
}

void connection::read() {
  if (is_shutting_) return close();
  phase_ = phase::reading;
  has_timed_out_ = false;
  parser_.emplace();
  parser_->header_limit(state_.settings.head_bytes_max);
  parser_->body_limit(state_.settings.body_bytes_max);
  arm(state_.settings.request_time);
  beast::http::async_read_header(
      link_, buffer_, *parser_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_head(failure); });
}

void connection::on_head(error_code failure) {
  const bool is_waiting = !failure && parser_->get()[beast::http::field::expect] == "100-continue";
  if (failure || !is_waiting) return failure ? on_request(failure) : read_body();
  static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(link_, asio::buffer(go_on.data(), go_on.size()),
                    [self = shared_from_this()](error_code unwritten, std::size_t) {
                      if (unwritten) self->close();
                      else self->read_body();
                    });
}

void connection::read_body() {
  beast::http::async_read(
      link_, buffer_, *parser_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_request(failure); });
}

void connection::on_request(error_code failure) {
  if (phase_ != phase::reading) return;
  if (!failure) return handle();
  if (has_timed_out_) {
    ++state_.timeouts;
    return answer(problem(408, "the request did not arrive in time", ""), false, false);
  }
  // The client went away, or the socket is no more: there is no client to answer.
  const bool is_of_http = failure.category() == make_error_code(beast::http::error{}).category();
  if (!is_of_http || failure == beast::http::error::end_of_stream ||
      failure == beast::http::error::partial_message)
    return close();
  answer(failure_response(failure, state_.settings), false, false);
}

void connection::handle() {
  const auto& message = parser_->get();
  const beast::string_view target = message.target();
  asked_ = request_of(message);
  const beast::string_view stated = message["X-Request-Id"];
  asked_.by = {peer_of(link_.next_layer()),
               request_id_of({stated.data(), stated.size()}, asked_.received_at), {}};
  ++state_.requests;
  phase_ = phase::waiting;
  arm(state_.settings.answer_time);
  const responder late = [door = state_.late, to = weak_from_this(),
                          turn = ++turn_](response found) {
    const std::lock_guard lock{door->guard};
    const auto self = door->is_open ? to.lock() : nullptr;
    if (!self) return;
    asio::post(self->link_.get_executor(), [self, turn, found = std::move(found)]() mutable {
      if (self->turn_ == turn) self->finish(std::move(found));
    });
  };
  if (auto found = answer_request(state_.routes, message.method(),
                                  {target.data(), target.size()}, asked_, late))
    return finish(*std::move(found));
  if (asked_.patience.count() > 0) arm(state_.settings.answer_time + asked_.patience);
}

void connection::finish(response found) {
  if (phase_ != phase::waiting) return;
  const auto& message = parser_->get();
  const bool is_head = message.method() == beast::http::verb::head;
  if (is_head) found.stream.reset();
  if (found.stream) found = subscribe(std::move(found));
  found = negotiated(std::move(found), asked_);
  answer(std::move(found), message.keep_alive(), is_head);
}

/// Joins the hub before the head is written, so that a full house can still be answered 503.
response connection::subscribe(response found) {
  stream_.is_subscribed =
      state_.streams->open(*found.stream, shared_from_this(), now(), state_.settings.streams_max);
  if (!stream_.is_subscribed) return problem(503, "too many streams", "");
  ++state_.streams_opened;
  return found;
}

void connection::answer(response outgoing, bool keeps_alive, bool is_head_only) {
  phase_ = phase::writing;
  forget_answer();
  outgoing_ = within_bounds(std::move(outgoing));
  held_bytes_ += outgoing_.text.capacity();
  state_.unsent.take(outgoing_.text.capacity());
  const bool is_stream = outgoing_.stream.has_value();
  keeps_alive_ = keeps_alive && !is_shutting_ && !is_stream;
  ++state_.answers[std::min<std::size_t>(outgoing_.status / 100, 5)];

  const std::string_view body = outgoing_.body();
  auto& message = message_.emplace();
  message.version(11);
  message.result(outgoing_.status);
  message.reason(phrase_of(outgoing_.status));
  message.set(beast::http::field::server, "busbar");
  message.set(beast::http::field::date, http_date_text(now()));
  if (link_.is_secure()) message.set("Strict-Transport-Security", "max-age=31536000");
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Referrer-Policy", "no-referrer");
  if (!outgoing_.content_type.empty())
    message.set(beast::http::field::content_type, outgoing_.content_type);
  if (!asked_.by.request.empty()) message.set("X-Request-Id", asked_.by.request);
  asked_ = {};
  for (const header& each : outgoing_.headers) {
    // Each cookie is a header of its own, and one that came under TLS goes under TLS alone.
    if (each.name == "Set-Cookie")
      message.insert(each.name, link_.is_secure() ? secure_cookie(each.value) : each.value);
    else message.set(each.name, each.value);
  }
  const bool has_length = !is_stream && outgoing_.status != 204 && outgoing_.status != 304;
  if (has_length) message.content_length(body.size());
  message.keep_alive(keeps_alive_);
  message.body() = {body.data(), body.size()};
  arm(state_.settings.write_time);
  serializer_.emplace(message);
  if (is_stream || is_head_only || !has_length) write_head();
  else write_all();
}

response connection::within_bounds(response outgoing) {
  const bool has_room = state_.unsent.has_room_for(outgoing.text.capacity() + unsent_reserve);
  // Refusals are small, and have the reserve.
  if (has_room || outgoing.status >= 400) return outgoing;
  ++state_.refused_answers;
  if (stream_.is_subscribed) state_.streams->close(*this);
  stream_.is_subscribed = false;
  return problem(503, "too many answers wait for their readers", "");
}

/// What has been written is freed at once: a connection that is kept holds none of it.
void connection::forget_answer() {
  serializer_.reset();
  message_.reset();
  outgoing_ = {};
  state_.unsent.give_back(held_bytes_);
  held_bytes_ = 0;
}

void connection::write_head() {
  beast::http::async_write_header(
      link_, *serializer_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_written(failure); });
}

void connection::write_all() {
  beast::http::async_write(
      link_, *serializer_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_written(failure); });
}

void connection::on_written(error_code failure) {
  if (failure || phase_ != phase::writing) return close();
  const bool is_stream = outgoing_.stream.has_value();
  forget_answer();
  if (is_stream) return is_shutting_ ? close() : begin_stream();
  if (keeps_alive_) return read();
  drain();
}

void connection::begin_stream() {
  phase_ = phase::streaming;
  deadline_.cancel();
  watch_stream();
  write_stream();
}

/// What a reader sends is forgotten; that it goes away is seen here.
void connection::watch_stream() {
  link_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](error_code failure, std::size_t) {
                            if (failure) self->close();
                            else self->watch_stream();
                          });
}

void connection::deliver(shared_text text) {
  asio::post(link_.get_executor(), [self = shared_from_this(), text = std::move(text)]() mutable {
    self->enqueue(std::move(text));
  });
}

void connection::enqueue(shared_text text) {
  if (phase_ == phase::closed) return;
  if (text == nullptr) return close();
  const bool is_too_much =
      stream_.queued_bytes > behind_bytes && !state_.unsent.has_room_for(unsent_reserve);
  if (is_too_much || stream_.queued_bytes > state_.settings.stream_bytes_max) {
    ++state_.streams_dropped;
    return close();
  }
  stream_.queued_bytes += text->size();
  stream_.queue.push_back(std::move(text));
  if (phase_ == phase::streaming && !stream_.is_writing) write_stream();
}

void connection::write_stream() {
  if (stream_.queue.empty() || phase_ != phase::streaming) return;
  stream_.is_writing = true;
  const std::size_t events = std::min(stream_.queue.size(), gathered_events_max);
  std::vector<asio::const_buffer> buffers;
  for (std::size_t i = 0; i < events; ++i) buffers.emplace_back(asio::buffer(*stream_.queue[i]));
  arm(state_.settings.write_time);
  asio::async_write(link_, buffers,
                    [self = shared_from_this(), events](error_code failure, std::size_t) {
                      self->on_stream_written(failure, events);
                    });
}

void connection::on_stream_written(error_code failure, std::size_t events) {
  stream_.is_writing = false;
  deadline_.cancel();
  if (failure || phase_ != phase::streaming) return close();
  for (std::size_t i = 0; i < events; ++i) {
    stream_.queued_bytes -= stream_.queue.front()->size();
    stream_.queue.pop_front();
  }
  write_stream();
}

/// A close with unread bytes would reset the connection before the client has read its answer.
void connection::drain() {
  if (phase_ == phase::writing) {
    phase_ = phase::draining;
    error_code ignored;
    link_.say_goodbye();
    link_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    arm(drain_time);
  }
  if (is_shutting_ || drained_bytes_ > drained_bytes_max) return close();
  link_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](error_code failure, std::size_t bytes) {
                            self->drained_bytes_ += bytes;
                            if (failure || self->phase_ == phase::closed) self->close();
                            else self->drain();
                          });
}

void connection::close() {
  if (phase_ == phase::closed) return;
  phase_ = phase::closed;
  if (stream_.is_subscribed) state_.streams->close(*this);
  deadline_.cancel();
  error_code ignored;
  link_.next_layer().close(ignored);
}

void connection::arm(std::chrono::milliseconds patience) {
  deadline_.expires_after(patience);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    const bool is_over = self->deadline_.expiry() <= std::chrono::steady_clock::now();
    if (!cancelled && is_over) self->on_deadline();
  });
}

void connection::on_deadline() {
  const bool has_bytes = parser_ && (parser_->got_some() || buffer_.size() > 0);
  if (phase_ == phase::reading && has_bytes) {
    has_timed_out_ = true;
    error_code ignored;
    link_.next_layer().cancel(ignored);
    return;
  }
  if (phase_ == phase::waiting) {
    ++turn_;
    return finish(problem(504, "no answer came in time", asked_.path));
  }
  if (phase_ == phase::reading || phase_ == phase::securing) ++state_.timeouts;
  if (phase_ == phase::securing) state_.certificates->count_failure(tls::handshake_failure::slow);
  if (phase_ == phase::streaming) ++state_.streams_dropped;
  close();
}

} // namespace busbar::adapters::http::server
