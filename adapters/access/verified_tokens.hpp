#pragma once
// Access tokens whose signatures were found right: the next request with one of them costs a digest
// in place of a signature. Thread-safe.

#include "adapters/access/access_token.hpp"
#include "adapters/access/secrets.hpp"
#include "ports/access.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace busbar::adapters::access {

class verified_tokens {
public:
  /// Beyond it all are forgotten, and verified again.
  static constexpr std::size_t kept_max = 4'096;

  explicit verified_tokens(key_ring keys) : ring_(std::move(keys)) {}

  [[nodiscard]] const key_ring& ring() const { return ring_; }
  /// As `claims_of`.
  [[nodiscard]] std::optional<token_claims> claims(std::string_view token, domain::instant now) {
    if (token.size() > ports::access::credential_bytes_max) return std::nullopt;
    const auto digest = digest_of(token);
    {
      const std::lock_guard lock{guard_};
      const auto found = known_.find(digest);
      if (found != known_.end()) return in_time(found->second, now);
    }
    const auto read = claims_of(token, ring_, now);
    if (!read) return read;
    const std::lock_guard lock{guard_};
    if (known_.size() >= kept_max) known_.clear();
    known_.emplace(digest, *read);
    return read;
  }

private:
  const key_ring ring_;
  std::mutex guard_;
  std::map<std::string, token_claims> known_;
};

} // namespace busbar::adapters::access
