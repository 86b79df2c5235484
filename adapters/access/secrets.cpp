#include "adapters/access/secrets.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace busbar::adapters::access {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Of what is read here: keys.
constexpr std::size_t file_bytes_max = 65'536;

domain::error unavailable(const std::string& path, const std::string& what) {
  return {domain::errc::unavailable, path + ": " + what};
}

} // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Tokens that can be guessed are worse than no program.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    std::abort();
  return bytes;
}

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    held = (held << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += digits[(held >> (bits - 6)) & 63U];
  }
  if (bits > 0) text += digits[(held << (6 - bits)) & 63U];
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = (held << 6U) | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFFU);
  }
  // One text for each value: bits that are left over are zero, and fewer than a digit.
  if (bits >= 6 || (held & ((1U << bits) - 1U)) != 0) return std::nullopt;
  return bytes;
}

std::string digest_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> made{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), made.data());
  return base64url({reinterpret_cast<const char*>(made.data()), made.size()});
}

bool are_equal(std::string_view one, std::string_view other) {
  return one.size() == other.size() && CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

domain::result<std::string> secret_file(const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return unavailable(path, std::strerror(errno));
  if (!S_ISREG(about.st_mode)) return unavailable(path, "allowed is a regular file");
  if ((about.st_mode & 077) != 0)
    return domain::error{domain::errc::forbidden,
                         path + ": others may read it; allowed is mode 0600"};
  if (static_cast<std::size_t>(about.st_size) > file_bytes_max)
    return domain::error{domain::errc::too_large, path + ": has more than 65536 bytes"};
  std::ifstream in{path, std::ios::binary};
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  if (!in.read(bytes.data(), about.st_size)) return unavailable(path, "cannot be read");
  return bytes;
}

domain::result<void> write_secret_file(const std::string& path, std::string_view bytes) {
  const auto next = path + ".new";
  const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return unavailable(next, std::strerror(errno));
  const bool is_written =
      ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(file) == 0;
  const bool is_closed = ::close(file) == 0;
  if (!is_written || !is_closed) return unavailable(next, "cannot be written");
  if (std::rename(next.c_str(), path.c_str()) != 0) return unavailable(path, std::strerror(errno));
  return {};
}

domain::result<void> secret_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    return unavailable(path, std::strerror(errno));
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return unavailable(path, std::strerror(errno));
  if (!S_ISDIR(about.st_mode)) return unavailable(path, "allowed is a folder");
  if ((about.st_mode & 022) != 0)
    return domain::error{domain::errc::forbidden,
                         path + ": others may write to it; allowed is mode 0700"};
  return {};
}

} // namespace busbar::adapters::access
