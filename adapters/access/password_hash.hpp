#pragma once
// Passwords as argon2id (RFC 9106), in its own text form, which states its parameters.

#include <cstdint>
#include <string>
#include <string_view>

namespace busbar::adapters::access {

struct hash_cost {
  /// At least 19 MiB.
  std::uint32_t memory_kib = 65'536;
  /// At least 2.
  std::uint32_t passes = 2;
};

/// With a salt of its own: 16 random bytes. Empty where there is no memory for it.
[[nodiscard]] std::string password_hash(std::string_view password, const hash_cost& cost = {});
/// False too where `hash` is none.
[[nodiscard]] bool is_password_of(std::string_view hash, std::string_view password);
/// Made with less than `cost`: to be made anew where the password is at hand.
[[nodiscard]] bool is_weaker(std::string_view hash, const hash_cost& cost);

} // namespace busbar::adapters::access
