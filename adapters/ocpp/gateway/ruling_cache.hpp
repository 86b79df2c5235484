#pragma once
// What an authority has ruled on tags. A ruling stands until it expires, for a day at most; one
// that states no expiry stands for ten seconds, so that an Authorize and the StartTransaction that
// follows it ask once. Afterwards it is kept for a day for the time when the authority is away.
// Not thread-safe.

#include "control/sessions/authorisation.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::gateway {

class ruling_cache {
public:
  static constexpr domain::microseconds stands_within = std::chrono::seconds{10};
  static constexpr domain::microseconds kept_within = std::chrono::hours{24};
  /// Beyond it the ruling that was given first goes.
  static constexpr std::size_t rulings_max = 50'000;

  struct found {
    /// Null: none.
    const control::sessions::tag_ruling* ruling = nullptr;
    bool is_fresh = false;
  };

  [[nodiscard]] found find(std::string_view tag, domain::instant now) const;
  void keep(std::string_view tag, control::sessions::tag_ruling ruling, domain::instant now);
  [[nodiscard]] std::size_t size() const { return rulings_.size(); }

private:
  struct entry {
    control::sessions::tag_ruling ruling;
    domain::instant given_at{};
  };
  /// By `tag_key`.
  std::map<std::string, entry, std::less<>> rulings_;
};

/// The rulings of a gateway, shared by who asks and who judges. Thread-safe.
class shared_rulings {
public:
  struct answer {
    std::optional<control::sessions::tag_ruling> ruling;
    bool is_fresh = false;
  };
  [[nodiscard]] answer find(std::string_view tag, domain::instant now) const;
  void keep(std::string_view tag, control::sessions::tag_ruling ruling, domain::instant now);

private:
  mutable std::mutex guard_;
  ruling_cache kept_;
};

} // namespace busbar::adapters::ocpp::gateway
