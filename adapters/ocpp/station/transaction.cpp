#include "adapters/ocpp/station/transaction.hpp"

#include <charconv>

namespace busbar::adapters::ocpp::station {

namespace {

constexpr std::string_view mark = "ocpp.";
constexpr std::size_t id_bytes_max = 64;

} // namespace

domain::request_id request_id_of(const transaction& of) {
  return domain::request_id{std::string{mark} + std::to_string(of.number) + "." +
                            std::to_string(of.tries)};
}

domain::request_id stop_id_of(const transaction& of, bool names_session) {
  return domain::request_id{std::string{mark} + std::to_string(of.number) +
                            (names_session ? ".stop" : ".end")};
}

std::optional<std::int32_t> transaction_of(const domain::request_id& request) {
  std::string_view text = request.text();
  if (!text.starts_with(mark)) return std::nullopt;
  text.remove_prefix(mark.size());
  std::int32_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = failure == std::errc{} && end != text.data() + text.size() && *end == '.';
  return is_whole && number > 0 ? std::optional{number} : std::nullopt;
}

domain::driver_id driver_of(std::string_view tag) {
  std::string name{tag.substr(0, id_bytes_max)};
  for (auto& c : name)
    if (c < 0x21 || c > 0x7e) c = '?';
  return domain::driver_id{name.empty() ? "unknown" : name};
}

} // namespace busbar::adapters::ocpp::station
