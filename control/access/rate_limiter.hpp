#pragma once
// How often a key (a principal, or an address of nobody known) may ask. A window slides: what was
// asked in the fixed window before counts by the part of it that the sliding one still covers.
//
// Principals and addresses have tables of their own, so that strangers push out nobody. Where a
// table is full of keys that are in use, new ones share one.

#include "control/access/decision.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace busbar::control::access {

struct rate_quota {
  std::int64_t requests = 0;
  domain::seconds window{};
};

/// REQUIRES: not rate_class::none.
[[nodiscard]] rate_quota quota_of(rate_class which);
/// "strict", "standard", "relaxed", "none".
[[nodiscard]] const char* name_of(rate_class which);

struct rate_answer {
  bool is_allowed = true;
  /// Left in the window.
  std::int64_t remaining = 0;
  /// Until the whole quota is there again; of one that is refused: until it is worth to ask again.
  domain::seconds reset{};
};

class rate_limiter {
public:
  /// Of each table: about 10 MiB.
  static constexpr std::size_t keys_max = 100'000;

  explicit rate_limiter(std::size_t most = keys_max) : most_(most) {}

  /// Counts it where it is allowed. `is_stranger`: the key is an address.
  [[nodiscard]] rate_answer ask(std::string_view key, rate_class which, bool is_stranger,
                                domain::instant now);
  [[nodiscard]] std::size_t key_count() const;

private:
  struct use {
    domain::instant began{};
    domain::seconds window{};
    std::uint32_t before = 0;
    std::uint32_t now = 0;
  };
  struct table {
    std::map<std::string, use, std::less<>> uses;
    domain::instant swept_at{};
  };

  [[nodiscard]] use& use_of(table& in, std::string key, domain::instant now) const;

  std::size_t most_;
  table principals_;
  table strangers_;
};

} // namespace busbar::control::access
