#include "adapters/http/peers/peer_exchange.hpp"

#include "domain/host_address.hpp"

#include <boost/asio/connect.hpp>

#include <utility>

namespace busbar::adapters::http::peers {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using ports::peer_fault;

namespace {

constexpr std::uint32_t head_bytes_max = 8'192;

/// Nothing came on it, and the other side has not closed it.
bool is_quiet(tcp::socket& socket) {
  boost::system::error_code failure;
  socket.non_blocking(true, failure);
  char byte = 0;
  if (!failure) socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
  return failure == asio::error::would_block;
}

bool is_status(unsigned status) {
  return status >= 200 && status < 600 && status / 100 != 3;
}

bool is_of_http(boost::system::error_code failure) {
  return failure.category() == make_error_code(beast::http::error{}).category();
}

} // namespace

peer_exchange::peer_exchange(peer_ground& ground, ports::peer_request request,
                             ports::peer_listener then)
    : ground_(ground), request_(std::move(request)), then_(std::move(then)),
      resolver_(ground.context), deadline_(ground.context), buffer_(head_bytes_max + 65'536) {}

peer_exchange::~peer_exchange() { ground_.unread_bytes -= reserved_bytes_; }

void peer_exchange::begin() {
  if (ground_.asked[request_.address]++ >= ground_.settings.requests_of_one_max)
    return fail(peer_fault::busy, "too many requests to it are under way");
  message_.method_string(request_.method);
  message_.target(request_.target);
  message_.version(11);
  message_.set(beast::http::field::host, request_.address);
  for (const auto& each : request_.headers) message_.set(each.name, each.value);
  message_.body() = std::move(request_.body);
  message_.keep_alive(true);
  if (request_.method != "GET" || !message_.body().empty()) message_.prepare_payload();
  is_kept_connection_ = take_idle();
  if (is_kept_connection_) write();
  else connect();
}

bool peer_exchange::take_idle() {
  const auto found = ground_.idle.find(request_.address);
  if (found == ground_.idle.end()) return false;
  auto& kept = found->second;
  while (!kept.empty()) {
    auto last = std::move(kept.back());
    kept.pop_back();
    const bool is_old = began_at_ - last.since > ground_.settings.idle_time;
    if (is_old || !is_quiet(last.link->next_layer())) continue;
    link_ = std::move(last.link);
    return true;
  }
  ground_.idle.erase(found);
  return false;
}

void peer_exchange::connect() {
  is_kept_connection_ = false;
  link_ = std::make_unique<tls::link_stream>(tcp::socket{ground_.context});
  const auto place = domain::host_address_from(request_.address);
  if (!place) return fail(peer_fault::unreachable, place.failure().message);
  arm(std::chrono::steady_clock::now() + ground_.settings.connect_time, peer_fault::unreachable);
  resolver_.async_resolve(
      place.value().host, std::to_string(place.value().port), tcp::resolver::numeric_service,
      [self = shared_from_this(), host = place.value().host](
          error_code failure, const tcp::resolver::results_type& found) {
        if (failure) return self->fail(peer_fault::unreachable, failure.message());
        if (!self->then_) return;
        asio::async_connect(self->link_->next_layer(), found,
                            [self, host](error_code refused, const tcp::endpoint&) {
                              if (refused)
                                return self->fail(peer_fault::unreachable, refused.message());
                              self->on_connected(host);
                            });
      });
}

void peer_exchange::on_connected(const std::string& host) {
  if (!then_) return;
  ++ground_.counts.connections;
  if (!ground_.secure) return write();
  link_->secure_as_client(ground_.secure, host);
  link_->async_handshake([self = shared_from_this()](error_code failure, std::size_t) {
    if (!self->then_) return;
    if (failure)
      return self->fail(peer_fault::unreachable,
                        std::string{"TLS: "} + name_of(self->link_->failure()));
    self->write();
  });
}

void peer_exchange::write() {
  if (!then_) return;
  error_code ignored;
  link_->next_layer().set_option(tcp::no_delay(true), ignored);
  arm(began_at_ + request_.patience, peer_fault::unanswered);
  buffer_.clear();
  parser_.emplace();
  parser_->header_limit(head_bytes_max);
  parser_->body_limit(ground_.settings.answer_bytes_max);
  beast::http::async_write(
      *link_, message_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_written(failure); });
}

void peer_exchange::on_written(error_code failure) {
  if (!then_) return;
  if (failure) return on_cut(failure);
  beast::http::async_read_header(
      *link_, buffer_, *parser_,
      [self = shared_from_this()](error_code unread, std::size_t) { self->on_head(unread); });
}

/// Room for the whole body is taken before it is read.
void peer_exchange::on_head(error_code failure) {
  if (!then_) return;
  // A length that is stated is beyond the bound already here.
  if (failure && failure != beast::http::error::body_limit) return on_cut(failure);
  const auto most = ground_.settings.answer_bytes_max;
  const auto stated = parser_->content_length();
  if (stated && *stated > most)
    return fail(peer_fault::too_large, "its answer has " + std::to_string(*stated) +
                                           " bytes, allowed are " + std::to_string(most));
  const auto wanted = static_cast<std::size_t>(stated ? *stated : most);
  if (ground_.unread_bytes + wanted > ground_.settings.unread_bytes_max)
    return fail(peer_fault::too_large, "too many answers of other engine nodes are being read");
  reserved_bytes_ = wanted;
  ground_.unread_bytes += wanted;
  beast::http::async_read(
      *link_, buffer_, *parser_,
      [self = shared_from_this()](error_code unread, std::size_t) { self->on_answer(unread); });
}

/// Before an answer has begun.
void peer_exchange::on_cut(error_code failure) {
  const bool has_begun = parser_->got_some() || buffer_.size() > 0;
  if (has_begun || (is_of_http(failure) && failure != beast::http::error::end_of_stream))
    return fail(peer_fault::garbled, "its answer is not HTTP: " + failure.message());
  if (is_kept_connection_ && request_.method == "GET") return connect();
  fail(peer_fault::broken, "the connection ended: " + failure.message());
}

void peer_exchange::on_answer(error_code failure) {
  if (!then_) return;
  if (failure == beast::http::error::body_limit)
    return fail(peer_fault::too_large,
                "its answer has more than the allowed " +
                    std::to_string(ground_.settings.answer_bytes_max) + " bytes");
  if (failure) return fail(peer_fault::garbled, "its answer ends early: " + failure.message());
  auto& message = parser_->get();
  const auto status = message.result_int();
  if (!is_status(status))
    return fail(peer_fault::garbled, "its status is " + std::to_string(status));
  ports::peer_answer answer;
  answer.status = status;
  answer.content_type = std::string{message[beast::http::field::content_type]};
  for (const auto& each : message)
    answer.headers.push_back({std::string{each.name_string()}, std::string{each.value()}});
  answer.body = std::move(message.body());
  ++ground_.counts.answers[status / 100];
  if (parser_->keep_alive() && buffer_.size() == 0) keep_connection();
  finish(std::move(answer));
}

void peer_exchange::keep_connection() {
  const auto now = std::chrono::steady_clock::now();
  std::erase_if(ground_.idle, [&](const auto& each) {
    return each.second.empty() || now - each.second.back().since > ground_.settings.idle_time;
  });
  auto& kept = ground_.idle[request_.address];
  if (kept.size() >= ground_.settings.idle_connections_max) kept.pop_front();
  kept.push_back({std::move(link_), now});
}

void peer_exchange::arm(std::chrono::steady_clock::time_point until, peer_fault fault) {
  deadline_.expires_at(until);
  deadline_.async_wait([self = shared_from_this(), fault](error_code cancelled) {
    const bool is_over = self->deadline_.expiry() <= std::chrono::steady_clock::now();
    if (cancelled || !is_over || !self->then_) return;
    self->fail(fault, fault == peer_fault::unreachable ? "no connection in time"
                                                       : "no answer in time");
  });
}

void peer_exchange::fail(peer_fault fault, const std::string& detail) {
  if (!then_) return;
  ++ground_.counts.failures[static_cast<std::size_t>(fault)];
  finish(ports::peer_failure{fault, detail});
}

void peer_exchange::finish(ports::peer_outcome outcome) {
  const auto then = std::exchange(then_, nullptr);
  error_code ignored;
  resolver_.cancel();
  deadline_.cancel();
  if (link_) link_->next_layer().close(ignored);
  const auto took = std::chrono::steady_clock::now() - began_at_;
  ground_.counts.microseconds += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  --ground_.counts.under_way;
  const auto asked = ground_.asked.find(request_.address);
  if (--asked->second == 0) ground_.asked.erase(asked);
  then(std::move(outcome));
}

} // namespace busbar::adapters::http::peers
