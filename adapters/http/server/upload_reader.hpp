#pragma once
// A file that a station sends: read from the socket in parts, each handed on before the next, so
// that none of it is held. Internal to this folder.

#include "adapters/http/server/message.hpp"
#include "adapters/tls/link_stream.hpp"
#include "ports/uploads.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace busbar::adapters::http::server {

using head_parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

/// PUT or POST of "/uploads/TOKEN", or with a name behind it; absent: another request.
[[nodiscard]] std::optional<ports::offered_upload> upload_in(const head_parser& head);
/// Why a file is not taken: one 404 for every token that is wrong, used or expired.
[[nodiscard]] response upload_refusal(const domain::error& why);

/// The client waits for 100 before it sends the body.
[[nodiscard]] bool expects_continue(const head_parser& head);
void say_continue(tls::link_stream& link,
                  std::function<void(boost::system::error_code unwritten)> then);

class upload_reader : public std::enable_shared_from_this<upload_reader> {
public:
  using error_code = boost::system::error_code;
  struct listener {
    /// Something has come.
    std::function<void()> on_part;
    /// The answer; where the connection failed, none.
    std::function<void(error_code, response, bool keeps_alive)> on_end;
  };

  /// Link and buffer outlive it. `into`: an open file, or why there is none: then what comes is
  /// forgotten, so that the client reads its answer.
  upload_reader(tls::link_stream& link, boost::beast::flat_buffer& buffer, head_parser&& head,
                domain::result<std::unique_ptr<ports::upload_writer>> into, listener told);
  void read();

private:
  void on_read(error_code failure);
  void take(std::string_view part);
  void end();

  tls::link_stream& link_;
  boost::beast::flat_buffer& buffer_;
  boost::beast::http::request_parser<boost::beast::http::buffer_body> parser_;
  /// Null once there is a refusal.
  std::unique_ptr<ports::upload_writer> into_;
  std::optional<response> refusal_;
  listener told_;
  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::uint64_t forgotten_ = 0;
  std::array<char, 65'536> part_;
};

} // namespace busbar::adapters::http::server
