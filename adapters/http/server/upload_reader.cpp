#include "adapters/http/server/upload_reader.hpp"

#include "adapters/http/server/problem.hpp"
#include "text/json_writer.hpp"

#include <boost/asio/write.hpp>

#include <limits>
#include <utility>

namespace busbar::adapters::http::server {

namespace beast = boost::beast;

namespace {

constexpr std::string_view prefix = "/uploads/";
/// One file takes at most so long, however steadily it comes.
constexpr std::chrono::minutes upload_time_max{30};
/// Of a file that is refused so much is read before its connection is closed.
constexpr std::uint64_t forgotten_bytes_max = 67'108'864;

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

} // namespace

std::optional<ports::offered_upload> upload_in(const head_parser& head) {
  const auto& message = head.get();
  const bool is_sent = message.method() == beast::http::verb::put ||
                       message.method() == beast::http::verb::post;
  const std::string_view target{message.target().data(), message.target().size()};
  if (!is_sent || !target.starts_with(prefix)) return std::nullopt;
  request asked;
  if (!split_target(target, asked)) return std::nullopt;
  ports::offered_upload made;
  if (asked.segments.size() < 2) return std::nullopt;
  made.token = asked.segments[1];
  if (asked.segments.size() > 2) made.file_name = asked.segments.back();
  made.content_type = std::string{message[beast::http::field::content_type]};
  if (const auto bytes = head.content_length()) made.bytes = *bytes;
  return made;
}

response upload_refusal(const domain::error& why) {
  switch (why.code) {
  case domain::errc::full: return problem(503, "too many files come at once", "");
  case domain::errc::too_large:
    return problem(413, "a file has at most " + std::to_string(ports::uploads::file_bytes_max) +
                            " bytes", "");
  case domain::errc::unavailable: return problem(503, "the file cannot be kept", "");
  default: return problem(404, "no file is expected here", "");
  }
}

bool expects_continue(const head_parser& head) {
  return head.get()[beast::http::field::expect] == "100-continue";
}

void say_continue(tls::link_stream& link,
                  std::function<void(boost::system::error_code unwritten)> then) {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(
      link, boost::asio::buffer(text.data(), text.size()),
      [then = std::move(then)](boost::system::error_code unwritten, std::size_t) {
        then(unwritten);
      });
}

upload_reader::upload_reader(tls::link_stream& link, beast::flat_buffer& buffer,
                             head_parser&& head,
                             domain::result<std::unique_ptr<ports::upload_writer>> into,
                             listener told)
    : link_(link), buffer_(buffer), parser_(std::move(head)), told_(std::move(told)) {
  if (into) into_ = std::move(into.value());
  else refusal_ = upload_refusal(into.failure());
  // Counted here, part by part.
  parser_.body_limit(std::numeric_limits<std::uint64_t>::max());
}

void upload_reader::read() {
  if (parser_.is_done()) return end();
  auto& body = parser_.get().body();
  body.data = part_.data();
  body.size = part_.size();
  beast::http::async_read_some(
      link_, buffer_, parser_,
      [self = shared_from_this()](error_code failure, std::size_t) { self->on_read(failure); });
}

void upload_reader::on_read(error_code failure) {
  if (failure == beast::http::error::need_buffer) failure = {};
  if (failure) {
    into_.reset();
    return told_.on_end(failure, {}, false);
  }
  take({part_.data(), part_.size() - parser_.get().body().size});
  const bool is_over = std::chrono::steady_clock::now() - begun_ > upload_time_max;
  if (is_over && !refusal_) refusal_ = problem(408, "the file did not arrive in time", "");
  if (parser_.is_done() || is_over || forgotten_ > forgotten_bytes_max) return end();
  told_.on_part();
  read();
}

void upload_reader::take(std::string_view part) {
  if (!into_) {
    forgotten_ += part.size();
    return;
  }
  const auto written = into_->write(part);
  if (written) return;
  refusal_ = upload_refusal(written.failure());
  into_.reset();
}

void upload_reader::end() {
  const bool keeps_alive = parser_.is_done() && parser_.get().keep_alive();
  if (!refusal_) {
    const auto kept = into_->finish(now());
    if (!kept) refusal_ = upload_refusal(kept.failure());
    else {
      text::json_writer json;
      json.begin_object().member("bytes", kept.value().bytes);
      into_.reset();
      return told_.on_end({}, json_response(json.end_object().take(), 201), keeps_alive);
    }
  }
  into_.reset();
  told_.on_end({}, *std::move(refusal_), keeps_alive);
}

} // namespace busbar::adapters::http::server
