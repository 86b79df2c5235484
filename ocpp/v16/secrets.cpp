#include "ocpp/v16/secrets.hpp"

#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace busbar::ocpp::v16 {

namespace {

using nlohmann::json;

constexpr const char* blank = "***";
/// In lower case. WebSocketPingInterval is no secret.
constexpr std::array<std::string_view, 9> words{
    "authorizationkey", "password", "passphrase", "passwd",  "secret",
    "credential",       "apikey",   "token",      "private key"};

bool names_secret(std::string_view text) {
  std::string plain;
  for (const char c : text) plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return plain.find(word) != plain.npos; });
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// "ftp://name:password@host/": the part before the host.
void blank_user(std::string& text) {
  const auto scheme = text.find("://");
  if (scheme == text.npos) return;
  const auto begin = scheme + 3;
  const auto end = std::min(text.find_first_of("/?#", begin), text.size());
  const auto at = text.rfind('@', end);
  if (at == text.npos || at < begin || at > end) return;
  text.replace(begin, at - begin, blank);
}

void blank_text(json& value) {
  auto& text = value.get_ref<std::string&>();
  if (text.find("PRIVATE KEY") != text.npos) text = blank;
  else blank_user(text);
}

void blank_members(json& object) {
  const auto key = object.find("key");
  const bool is_secret =
      key != object.end() && key->is_string() && is_secret_key(key->get_ref<std::string&>());
  for (auto& [name, value] : object.items()) {
    const bool is_value = name == "value" || name == "found";
    const bool is_blanked = (is_secret && is_value) || is_secret_key(name) ||
                            (name == "data" && names_secret(text_of(value)));
    if (is_blanked && !value.is_null()) value = blank;
    else blank_secrets(value);
  }
}

} // namespace

bool is_secret_key(std::string_view key) { return names_secret(key); }

void blank_secrets(json& value) {
  if (value.is_object()) return blank_members(value);
  if (value.is_array())
    for (auto& each : value) blank_secrets(each);
  else if (value.is_string()) blank_text(value);
}

std::string blanked(const std::string& text) {
  const bool may_have_some = names_secret(text) || (text.find("://") != text.npos &&
                                                    text.find('@') != text.npos);
  if (!may_have_some) return text;
  domain::fault_list faults;
  auto read = busbar::text::parse_json(text, faults);
  if (!read) return blank;
  blank_secrets(*read);
  return text_of(*read);
}

} // namespace busbar::ocpp::v16
