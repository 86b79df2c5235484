#include "adapters/access/access_token.hpp"

#include "adapters/access/secrets.hpp"
#include "ports/access.hpp"
#include "text/json_text.hpp"
#include "text/json_writer.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <utility>

namespace busbar::adapters::access {

namespace {

using nlohmann::json;

constexpr std::string_view issuer = "busbar";
/// Clocks of nodes differ.
constexpr std::chrono::seconds skew{30};
/// Numbers of seconds beyond it are no times.
constexpr std::int64_t seconds_max = 1LL << 40U;

std::int64_t seconds_of(domain::instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

std::optional<domain::instant> time_in(const json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number_integer()) return std::nullopt;
  const auto seconds = found->get<std::int64_t>();
  if (seconds < 0 || seconds > seconds_max) return std::nullopt;
  return domain::instant{std::chrono::seconds{seconds}};
}

std::optional<std::string> text_in(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<json> object_of(std::string_view part) {
  const auto bytes = from_base64url(part);
  if (!bytes) return std::nullopt;
  domain::fault_list faults;
  auto read = text::parse_json(*bytes, faults);
  return read && read->is_object() ? std::move(read) : std::nullopt;
}

/// The key that the header names; nothing where it asks for anything but that key does.
const signing_key* key_of(std::string_view header, const key_ring& ring) {
  const auto read = object_of(header);
  if (!read || read->contains("crit")) return nullptr;
  const auto algorithm = text_in(*read, "alg");
  const auto id = text_in(*read, "kid");
  if (!algorithm || *algorithm != signing_key::algorithm || !id) return nullptr;
  const auto found = ring.keys.find(*id);
  return found == ring.keys.end() ? nullptr : &found->second;
}

std::optional<token_claims> claims_in(const json& read, domain::instant now) {
  const auto expires_at = time_in(read, "exp");
  const auto issued_at = time_in(read, "iat");
  const auto subject = text_in(read, "sub");
  const auto family = text_in(read, "sid");
  const auto version = read.find("ver");
  const bool is_whole = expires_at && issued_at && subject && family && version != read.end() &&
                        version->is_number_integer() && text_in(read, "iss") == issuer;
  if (!is_whole) return std::nullopt;
  return in_time({*subject, *family, version->get<std::int64_t>(), *issued_at, *expires_at}, now);
}

} // namespace

std::optional<token_claims> in_time(const token_claims& claims, domain::instant now) {
  if (now >= claims.expires_at || claims.issued_at > now + skew) return std::nullopt;
  return claims;
}

std::string access_token(const token_claims& claims, const key_ring& ring) {
  text::json_writer head;
  head.begin_object().member("alg", signing_key::algorithm).member("kid", ring.signs);
  head.member("typ", "JWT").end_object();
  text::json_writer body;
  body.begin_object().member("iss", issuer).member("sub", claims.subject);
  body.member("sid", claims.family).member("ver", claims.version);
  body.member("iat", seconds_of(claims.issued_at)).member("exp", seconds_of(claims.expires_at));
  body.end_object();
  const auto text = base64url(head.text()) + "." + base64url(body.text());
  return text + "." + base64url(ring.keys.find(ring.signs)->second.sign(text));
}

std::optional<token_claims> claims_of(std::string_view token, const key_ring& ring,
                                      domain::instant now) {
  if (token.size() > ports::access::credential_bytes_max) return std::nullopt;
  const auto first = token.find('.');
  const auto second = token.find('.', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
    return std::nullopt;
  const auto* key = key_of(token.substr(0, first), ring);
  const auto signature = from_base64url(token.substr(second + 1));
  if (key == nullptr || !signature || !key->is_signature_of(*signature, token.substr(0, second)))
    return std::nullopt;
  const auto read = object_of(token.substr(first + 1, second - first - 1));
  return read ? claims_in(*read, now) : std::nullopt;
}

} // namespace busbar::adapters::access
