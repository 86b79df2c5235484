#include "apps/tail/station_check.hpp"

#include "adapters/http/server/message.hpp"
#include "apps/tail/event_stream.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps {

namespace {

constexpr int not_found = 404;
constexpr std::chrono::milliseconds turn{100};

/// The `detail` of a problem (RFC 9457); empty while the text is no whole one.
std::string detail_of(const std::string& problem) {
  const auto read = nlohmann::json::parse(problem, nullptr, false);
  if (!read.is_object()) return {};
  const auto found = read.find("detail");
  return found != read.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

std::string unknown_station(const stream_address& address, const std::string& station,
                            std::chrono::milliseconds patience) {
  const auto name = adapters::http::server::percent_encoded(station);
  stream_connection connection;
  if (!connection.open(address, "/api/v1/stations/" + name, "")) return {};
  answer_parser answer;
  std::string bytes;
  std::string body;
  for (auto left = patience; left > std::chrono::milliseconds{0};) {
    const auto outcome = connection.wait(turn, bytes);
    if (outcome == wait_outcome::nothing) left -= turn;
    else if (outcome != wait_outcome::bytes) return {};
    else body += answer.feed(bytes);
    if (answer.is_broken() || (answer.status() != 0 && answer.status() != not_found)) return {};
    if (auto detail = detail_of(body); !detail.empty()) return detail;
  }
  return {};
}

} // namespace busbar::apps
