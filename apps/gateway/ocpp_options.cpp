#include "apps/gateway/ocpp_options.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <cstdint>

namespace busbar::apps {

namespace {

domain::error refused(const std::string& text) {
  return {domain::errc::out_of_range,
          "'" + text + "': allowed is ADDRESS:PORT, such as 127.0.0.1:9000 or [::1]:9000"};
}

} // namespace

domain::result<adapters::ocpp::server::ocpp_settings>
listen_settings_of(const std::string& text) {
  adapters::ocpp::server::ocpp_settings listen;
  const auto colon = text.rfind(':');
  auto host = colon == std::string::npos ? std::string{} : text.substr(0, colon);
  const auto port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (!host.empty()) listen.address = host;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size()) return refused(text);
  boost::system::error_code failure;
  boost::asio::ip::make_address(listen.address, failure);
  if (failure) return refused(text);
  return listen;
}

bool is_loopback(const adapters::ocpp::server::ocpp_settings& listen) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(listen.address, failure);
  return !failure && address.is_loopback();
}

std::string warning_about(const adapters::ocpp::server::ocpp_settings& listen) {
  if (is_loopback(listen)) return {};
  return "stations on " + listen.address + " come without TLS: their keys can be read on the way "
         "(a proxy with TLS in front of it, or profile 0 for stations on a wire of their own)";
}

} // namespace busbar::apps
