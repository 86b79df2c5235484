#include "adapters/ocpp/gateway/url_list.hpp"

#include <boost/asio/ip/address.hpp>

#include <ifaddrs.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

using boost::asio::ip::address;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> usual_ports{
    {{"http", "80"}, {"https", "443"}, {"ftp", "21"}, {"ftps", "990"}, {"sftp", "22"}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string made{text};
  for (auto& c : made)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return made;
}

bool all_are(std::string_view text, bool (*is)(char)) { return std::ranges::all_of(text, is); }

bool is_of_scheme(char c) {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}
/// What readers of URLs take in different ways stands nowhere in one.
bool is_of_url(char c) { return c > 0x20 && c < 0x7f && c != '\\'; }
bool is_of_name(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }
bool is_of_address(char c) { return is_digit(c) || is_letter(c) || c == ':' || c == '.'; }

std::optional<address> address_of(const std::string& host) {
  boost::system::error_code failure;
  auto made = boost::asio::ip::make_address(host, failure);
  if (failure) return std::nullopt;
  // One address, one form.
  if (made.is_v6() && made.to_v6().is_v4_mapped())
    return address{boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, made.to_v6())};
  return made;
}

/// "127.1", "0x7f000001", "2130706433": an address to some, a name to others.
bool is_odd_number(const std::string& host) {
  const auto last = host.substr(host.rfind('.') == host.npos ? 0 : host.rfind('.') + 1);
  const bool is_numeric = all_are(last, is_digit) || last.starts_with("0x");
  return is_numeric && !address_of(host);
}

/// Host and port; false where there are none.
bool read_authority(std::string_view text, url_place& into) {
  const bool is_bracketed = text.starts_with('[');
  const auto end = is_bracketed ? text.find(']') : text.find(':');
  const auto host = text.substr(is_bracketed ? 1 : 0, is_bracketed && end != text.npos ? end - 1
                                                                                        : end);
  auto rest = end == text.npos ? std::string_view{} : text.substr(end + (is_bracketed ? 1 : 0));
  if (is_bracketed && (end == text.npos || !address_of(std::string{host}))) return false;
  into.host = lower(host);
  while (into.host.ends_with('.')) into.host.pop_back();
  if (into.host.empty() || !all_are(into.host, is_bracketed ? is_of_address : is_of_name))
    return false;
  if (rest.empty()) return true;
  if (!rest.starts_with(':') || rest.size() < 2 || rest.size() > 6) return false;
  into.port = rest.substr(1);
  return all_are(into.port, is_digit);
}

std::optional<url_place> place_of(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == url.npos || colon == 0 || !all_are(url, is_of_url)) return std::nullopt;
  url_place made;
  made.scheme = lower(url.substr(0, colon));
  if (!all_are(made.scheme, is_of_scheme)) return std::nullopt;
  auto authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const auto at = authority.find('@');
  if (at != authority.npos && authority.find('@', at + 1) != authority.npos) return std::nullopt;
  if (at != authority.npos) authority.remove_prefix(at + 1);
  if (!read_authority(authority, made)) return std::nullopt;
  return made;
}

std::string port_of(const url_place& place) {
  if (!place.port.empty()) return place.port;
  const auto* found = std::ranges::find(usual_ports, place.scheme,
                                        [](const auto& each) { return std::string{each.first}; });
  return found == usual_ports.end() ? std::string{} : std::string{found->second};
}

bool is_covered(const url_place& place, const url_place& by) {
  if (place.scheme != by.scheme) return false;
  if (!by.port.empty() && port_of(place) != by.port) return false;
  if (!by.host.starts_with("*.")) return place.host == by.host;
  const auto tail = by.host.substr(1);
  return place.host.size() > tail.size() && place.host.ends_with(tail);
}

/// Empty: it is another machine's.
std::string own_fault(const url_place& place, const std::vector<std::string>& own) {
  if (place.host == "localhost" || place.host.ends_with(".localhost")) return "this machine";
  if (is_odd_number(place.host)) return "a number that is no address in its usual form";
  const auto meant = address_of(place.host);
  for (const auto& each : own) {
    const auto other = meant ? address_of(each) : std::nullopt;
    if (meant ? other == meant : lower(each) == place.host) return "this machine";
  }
  if (!meant) return {};
  if (meant->is_loopback() || meant->is_unspecified()) return "this machine";
  const bool is_link_local =
      meant->is_v6() ? meant->to_v6().is_link_local()
                     : meant->to_v4().to_bytes()[0] == 169 && meant->to_v4().to_bytes()[1] == 254;
  if (is_link_local) return "a link-local address";
  return meant->is_multicast() ? "a multicast address" : "";
}

} // namespace

domain::result<url_list> url_list::of(const std::vector<std::string>& allowed) {
  url_list made;
  for (const auto& each : allowed) {
    const auto star = each.find("://*.");
    auto plain = each;
    if (star != each.npos) plain.erase(star + 3, 2);
    auto place = place_of(plain);
    const auto authority = plain.find("://");
    const bool has_more = place && plain.find_first_of("/?#@", authority + 3) != plain.npos;
    if (!place || has_more || !own_fault(*place, {}).empty())
      return domain::error{domain::errc::out_of_range,
                           "'" + each + "': allowed is SCHEME://HOST or SCHEME://HOST:PORT of "
                           "another machine, such as https://files.example or "
                           "https://*.files.example"};
    if (star != each.npos) place->host.insert(0, "*.");
    made.allowed_.push_back(*std::move(place));
    made.text_ += (made.text_.empty() ? "" : ", ") + each;
  }
  return made;
}

std::string url_list::fault_of(std::string_view url, const std::vector<std::string>& own) const {
  const std::string allowed =
      text_.empty() ? "allowed is none (--ocpp-url)" : "allowed are " + text_ + " (--ocpp-url)";
  const auto shown = "'" + std::string{url.substr(0, url.find_first_of("?#"))} + "'";
  const auto place = place_of(url);
  if (!place) return shown + " is no URL with scheme and host: " + allowed;
  if (const auto whose = own_fault(*place, own); !whose.empty())
    return "'" + place->scheme + "://" + place->host + "' is " + whose + ": " + allowed;
  const bool is_listed = std::ranges::any_of(
      allowed_, [&](const url_place& each) { return is_covered(*place, each); });
  return is_listed ? std::string{}
                   : "'" + place->scheme + "://" + place->host +
                         (place->port.empty() ? "" : ":" + place->port) + "': " + allowed;
}

std::vector<std::string> own_hosts() {
  std::vector<std::string> made;
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) made.emplace_back(name.data());
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return made;
  for (const auto* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const auto family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const auto bytes = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(each->ifa_addr, static_cast<socklen_t>(bytes), text.data(), text.size(),
                    nullptr, 0, NI_NUMERICHOST) != 0)
      continue;
    std::string host{text.data()};
    made.push_back(host.substr(0, host.find('%')));
  }
  freeifaddrs(first);
  return made;
}

} // namespace busbar::adapters::ocpp::gateway
