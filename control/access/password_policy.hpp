#pragma once
// What a password has to be, and how old it may be.

#include "domain/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::control::access {

inline constexpr std::size_t password_bytes_min = 12;
/// Work is put into every byte of it.
inline constexpr std::size_t password_bytes_max = 256;
/// A new password is none of so many before it, the one in force included.
inline constexpr std::size_t remembered_passwords = 5;

struct password_ages {
  /// From then on nothing but a new password is taken.
  domain::microseconds life = std::chrono::hours{90 * 24};
  /// From then on its user is warned.
  domain::microseconds warned_after = std::chrono::hours{76 * 24};
};

enum class password_age : std::uint8_t { fresh, warned, expired };

/// Every fault of `password` for the user `name`; none: it may be taken.
[[nodiscard]] std::vector<std::string> password_faults(std::string_view password,
                                                       std::string_view name);

[[nodiscard]] password_age age_of(domain::instant changed_at, domain::instant now,
                                  const password_ages& ages = {});

/// 1 to 64 of letters, digits and -._@, beginning with a letter or a digit; what is wrong with it,
/// or nothing.
[[nodiscard]] std::optional<std::string> user_name_fault(std::string_view name);

} // namespace busbar::control::access
