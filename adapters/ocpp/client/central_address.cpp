#include "adapters/ocpp/client/central_address.hpp"

namespace busbar::adapters::ocpp::client {

namespace {

domain::error refused(const std::string& text) {
  return {domain::errc::out_of_range,
          "'" + text + "': allowed is ws://HOST:PORT/PATH or wss://, such as "
          "ws://127.0.0.1:9000/ocpp"};
}

bool is_plain(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

} // namespace

domain::result<central_address> central_address_of(const std::string& text) {
  constexpr std::string_view plain = "ws://", secure = "wss://";
  central_address made;
  made.is_secure = text.starts_with(secure);
  if (!made.is_secure && !text.starts_with(plain)) return refused(text);
  auto rest = text.substr(made.is_secure ? secure.size() : plain.size());
  const auto slash = rest.find('/');
  if (slash != std::string::npos) made.path = rest.substr(slash);
  while (made.path.ends_with('/')) made.path.pop_back();
  const auto place = rest.substr(0, slash);
  const auto colon = place.rfind(':');
  const bool has_port = colon != std::string::npos && place.find(']', colon) == std::string::npos;
  made.host = has_port ? place.substr(0, colon) : place;
  made.port = has_port ? place.substr(colon + 1) : made.is_secure ? "443" : "80";
  if (made.host.starts_with('[') && made.host.ends_with(']'))
    made.host = made.host.substr(1, made.host.size() - 2);
  const bool is_number = made.port.find_first_not_of("0123456789") == std::string::npos;
  if (made.host.empty() || made.port.empty() || !is_number) return refused(text);
  return made;
}

std::string target_of(const central_address& central, std::string_view identity) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  auto target = central.path + "/";
  for (const char c : identity) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c)) target += c;
    else target.append({'%', digits[byte >> 4], digits[byte & 15]});
  }
  return target;
}

} // namespace busbar::adapters::ocpp::client
