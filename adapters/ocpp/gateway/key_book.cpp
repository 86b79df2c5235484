#include "adapters/ocpp/gateway/key_book.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace busbar::adapters::ocpp::gateway {

namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::string_view no_salt = "no such station.";

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto value = static_cast<unsigned char>(c);
    text.push_back(digits[value >> 4]);
    text.push_back(digits[value & 15]);
  }
  return text;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  const auto drawn = RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()),
                                static_cast<int>(count));
  assert(drawn == 1);
  static_cast<void>(drawn);
  return bytes;
}

std::string_view view_of(const std::array<std::uint8_t, 32>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// So that an identity with blanks stays one word.
std::string encoded(std::string_view identity) {
  std::string text;
  for (const char c : identity) {
    const bool is_plain = c > 0x20 && c < 0x7f && c != '%';
    if (is_plain) text.push_back(c);
    else text += "%" + hex_of({&c, 1});
  }
  return text;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string identity;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      identity.push_back(text[i]);
      continue;
    }
    const auto byte = bytes_of_hex(text.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    identity += *byte;
    i += 2;
  }
  return identity;
}

domain::error unavailable(const std::string& path, const char* what) {
  return {domain::errc::unavailable, path + ": " + what};
}

} // namespace

std::optional<std::string> bytes_of_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit_of(text[i]);
    const int low = digit_of(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string drawn_key_hex() { return hex_of(random_bytes(key_bytes_max)); }

key_book::digest key_book::mac_of(std::string_view salt, std::string_view key) {
  digest made{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), salt.data(), static_cast<int>(salt.size()),
       reinterpret_cast<const unsigned char*>(key.data()), key.size(), made.data(), &length);
  return made;
}

bool key_book::has(std::string_view identity) const { return keys_.find(identity) != keys_.end(); }

bool key_book::is_key_of(std::string_view identity, std::string_view password) const {
  const auto found = keys_.find(identity);
  const bool is_known = found != keys_.end();
  const auto salt = is_known ? std::string_view{found->second.salt} : no_salt;
  const auto wanted = is_known ? found->second.mac : digest{};
  // Both readings are tried whatever the first one gives.
  const auto as_bytes = mac_of(salt, password);
  const auto of_hex = mac_of(salt, bytes_of_hex(password).value_or(std::string{password}));
  const bool is_bytes = CRYPTO_memcmp(as_bytes.data(), wanted.data(), wanted.size()) == 0;
  const bool is_hex = CRYPTO_memcmp(of_hex.data(), wanted.data(), wanted.size()) == 0;
  return is_known & (is_bytes | is_hex);
}

void key_book::set(const std::string& identity, std::string_view key) {
  assert(key.size() >= key_bytes_min && key.size() <= key_bytes_max);
  auto salt = random_bytes(salt_bytes);
  const auto mac = mac_of(salt, key);
  keys_[identity] = {std::move(salt), mac};
}

domain::result<key_book> key_book::read(const std::string& path) {
  key_book made;
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return made;
  // The far end of a pipe may never come, and a device never ends.
  if (!S_ISREG(about.st_mode))
    return unavailable(path, "cannot be read: allowed is a regular file");
  if ((about.st_mode & 077) != 0)
    return domain::error{domain::errc::forbidden,
                         path + ": others may read it; allowed is mode 0600"};
  std::ifstream in{path};
  if (!in) return unavailable(path, "cannot be read");
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    std::istringstream words{line};
    std::string name, salt, mac;
    words >> name >> salt >> mac;
    const auto identity = decoded(name);
    const auto salt_read = bytes_of_hex(salt);
    const auto mac_read = bytes_of_hex(mac);
    const bool is_right = identity && salt_read && mac_read && mac_read->size() == 32;
    if (!is_right)
      return domain::error{domain::errc::malformed,
                           path + ":" + std::to_string(number) +
                               ": allowed is an identity, its salt and its MAC"};
    entry read{*salt_read, {}};
    std::copy(mac_read->begin(), mac_read->end(), read.mac.begin());
    made.keys_[*identity] = std::move(read);
  }
  return made;
}

domain::result<void> key_book::write(const std::string& path) const {
  const auto next = path + ".new";
  const auto before = ::umask(077);
  std::ofstream out{next, std::ios::trunc};
  ::umask(before);
  for (const auto& [identity, key] : keys_)
    out << encoded(identity) << ' ' << hex_of(key.salt) << ' ' << hex_of(view_of(key.mac)) << '\n';
  out.close();
  if (!out) return unavailable(next, "cannot be written");
  if (std::rename(next.c_str(), path.c_str()) != 0) return unavailable(path, "cannot be replaced");
  return {};
}

} // namespace busbar::adapters::ocpp::gateway
