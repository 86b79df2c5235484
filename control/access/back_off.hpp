#pragma once
// Failures to log in slow the account and the address that they came from: 1 s after the first one,
// twice as long after each further one, at most 15 minutes. An account is never closed to the
// address from which its user has last succeeded.

#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace busbar::control::access {

/// One try to log in.
struct login_try {
  /// As it was stated, whether there is such a user or not.
  std::string account;
  std::string address;
  /// The account's user has last succeeded from this address.
  bool is_from_known_address = false;
};

class back_off {
public:
  static constexpr domain::microseconds first_wait = std::chrono::seconds{1};
  static constexpr domain::microseconds wait_max = std::chrono::minutes{15};
  /// Failures are forgotten so long after the last one.
  static constexpr domain::microseconds forgotten_after = std::chrono::hours{1};
  /// Accounts and addresses with failures; beyond it the one that failed longest ago is forgotten.
  static constexpr std::size_t kept_max = 20'000;

  /// How long this try has to wait; zero: it may be made.
  [[nodiscard]] domain::microseconds wait_of(const login_try& tried, domain::instant now) const;
  void failed(const login_try& tried, domain::instant now);
  /// The account begins anew; its address does, too.
  void succeeded(const login_try& tried);

private:
  struct failures {
    std::uint32_t count = 0;
    domain::instant last{};
  };
  using table = std::map<std::string, failures>;

  static void count(table& in, const std::string& key, domain::instant now);
  [[nodiscard]] static domain::microseconds wait_in(const table& in, const std::string& key,
                                                    domain::instant now);

  table accounts_;
  table addresses_;
};

} // namespace busbar::control::access
