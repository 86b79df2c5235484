#pragma once
// OCPP-4: the keys of stations (security profile 1, Basic). A file of mode 0600, one line a
// station: identity (percent-encoded), salt and HMAC-SHA-256 of the key as hex. The key itself is
// kept nowhere. A key is 16 to 20 random bytes, so that no slow hash is needed.
//
// A station sends its key as bytes, or as the hex text of them: both are let in.

#include "domain/result.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::gateway {

inline constexpr std::size_t key_bytes_min = 16;
inline constexpr std::size_t key_bytes_max = 20;

class key_book {
public:
  /// errc::unavailable where it cannot be read, errc::forbidden where others may read it,
  /// errc::malformed with the line. A file that does not exist is an empty book.
  [[nodiscard]] static domain::result<key_book> read(const std::string& path);

  /// Takes as long for an identity without a key as for a wrong key.
  [[nodiscard]] bool is_key_of(std::string_view identity, std::string_view password) const;
  [[nodiscard]] bool has(std::string_view identity) const;
  /// In the place of the one before. REQUIRES: 16 to 20 bytes.
  void set(const std::string& identity, std::string_view key);
  /// Replaces the file as a whole.
  [[nodiscard]] domain::result<void> write(const std::string& path) const;

private:
  using digest = std::array<std::uint8_t, 32>;
  struct entry {
    std::string salt;
    digest mac{};
  };
  [[nodiscard]] static digest mac_of(std::string_view salt, std::string_view key);

  std::map<std::string, entry, std::less<>> keys_;
};

/// 20 random bytes as hex: what an operator types into a station.
[[nodiscard]] std::string drawn_key_hex();
/// The bytes of "00ff10"; absent: no hex, or an odd number of digits.
[[nodiscard]] std::optional<std::string> bytes_of_hex(std::string_view text);

} // namespace busbar::adapters::ocpp::gateway
