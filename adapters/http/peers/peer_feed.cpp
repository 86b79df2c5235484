#include "adapters/http/peers/peer_feed.hpp"

#include "domain/host_address.hpp"

#include <boost/asio/connect.hpp>

#include <utility>

namespace busbar::adapters::http::peers {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

constexpr std::uint32_t head_bytes_max = 8'192;
constexpr std::string_view event_end = "\n\n";

} // namespace

peer_feed::peer_feed(peer_ground& ground, ports::peer_request request, ports::peer_events to)
    : ground_(ground), request_(std::move(request)), to_(std::move(to)),
      resolver_(ground.context), link_(tcp::socket{ground.context}), deadline_(ground.context),
      buffer_(head_bytes_max + piece_.size()) {
  ++ground_.counts.streams;
}

peer_feed::~peer_feed() { --ground_.counts.streams; }

void peer_feed::begin() {
  if (!to_.take) return;
  if (ground_.counts.streams > ground_.settings.streams_max)
    return fail("too many streams of other engine nodes are followed");
  const auto place = domain::host_address_from(request_.address);
  if (!place) return fail(place.failure().message);
  arm(request_.patience);
  resolver_.async_resolve(
      place.value().host, std::to_string(place.value().port), tcp::resolver::numeric_service,
      [self = shared_from_this(), host = place.value().host](
          error_code failure, const tcp::resolver::results_type& found) {
        if (failure) return self->fail(failure.message());
        if (!self->to_.take) return;
        asio::async_connect(self->link_.next_layer(), found,
                            [self, host](error_code refused, const tcp::endpoint&) {
                              if (refused) return self->fail(refused.message());
                              self->on_connected(host);
                            });
      });
}

void peer_feed::on_connected(const std::string& host) {
  if (!to_.take) return;
  ++ground_.counts.connections;
  if (!ground_.secure) return ask();
  link_.secure_as_client(ground_.secure, host);
  link_.async_handshake([self = shared_from_this()](error_code failure, std::size_t) {
    if (failure) return self->fail(std::string{"TLS: "} + name_of(self->link_.failure()));
    self->ask();
  });
}

void peer_feed::ask() {
  if (!to_.take) return;
  message_.method(beast::http::verb::get);
  message_.target(request_.target);
  message_.version(11);
  message_.set(beast::http::field::host, request_.address);
  for (const auto& each : request_.headers) message_.set(each.name, each.value);
  parser_.header_limit(head_bytes_max);
  parser_.body_limit(boost::none);
  beast::http::async_write(
      link_, message_, [self = shared_from_this()](error_code failure, std::size_t) {
        if (failure) return self->fail(failure.message());
        beast::http::async_read_header(
            self->link_, self->buffer_, self->parser_,
            [self](error_code unread, std::size_t) { self->on_head(unread); });
      });
}

void peer_feed::on_head(error_code failure) {
  if (failure) return fail(failure.message());
  const auto& message = parser_.get();
  if (message.result_int() != 200)
    return fail("it answers " + std::to_string(message.result_int()));
  if (message[beast::http::field::content_type] != "text/event-stream")
    return fail("its answer is no stream");
  read();
}

void peer_feed::read() {
  if (!to_.take) return;
  arm(ground_.settings.stream_silence);
  auto& body = parser_.get().body();
  body.data = piece_.data();
  body.size = piece_.size();
  beast::http::async_read_some(
      link_, buffer_, parser_,
      [self = shared_from_this()](error_code unread, std::size_t) { self->on_read(unread); });
}

void peer_feed::on_read(error_code failure) {
  // The piece is full.
  if (failure == beast::http::error::need_buffer) failure = {};
  if (!to_.take) return;
  event_.append(piece_.data(), piece_.size() - parser_.get().body().size);
  take_events();
  if (failure) return fail(failure.message());
  if (parser_.is_done()) return fail("the stream has ended");
  if (event_.size() > ground_.settings.event_bytes_max) return fail("an event of it is too large");
  read();
}

void peer_feed::take_events() {
  const auto last = event_.rfind(event_end);
  if (last == std::string::npos) return;
  const auto rest = event_.substr(last + event_end.size());
  event_.resize(last + event_end.size());
  if (to_.take) to_.take(std::exchange(event_, rest));
}

void peer_feed::arm(std::chrono::milliseconds patience) {
  deadline_.expires_after(patience);
  deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    const bool is_over = self->deadline_.expiry() <= std::chrono::steady_clock::now();
    if (!cancelled && is_over) self->fail("nothing came in time");
  });
}

void peer_feed::fail(const std::string& why) {
  const auto ended = std::move(to_.ended);
  end();
  if (ended) ended(why);
}

void peer_feed::end() {
  to_ = {};
  error_code ignored;
  resolver_.cancel();
  deadline_.cancel();
  link_.next_layer().close(ignored);
}

} // namespace busbar::adapters::http::peers
