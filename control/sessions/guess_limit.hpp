#pragma once
// Tags that are refused within a minute, counted by station and by tag: a station at which tags are
// tried one after the other learns nothing of further ones.

#include "domain/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace busbar::control::sessions {

class guess_limit {
public:
  /// Of one key within a minute of the first.
  static constexpr std::uint32_t refusals_max = 20;
  static constexpr domain::microseconds window_pause = std::chrono::minutes{1};
  /// Keys with refusals; beyond it the one that began first is forgotten.
  static constexpr std::size_t keys_max = 20'000;

  /// Nothing further is looked up for that key until its minute is over.
  [[nodiscard]] bool is_reached(std::string_view key, domain::instant now) const;
  void refused(std::string_view key, domain::instant now);
  [[nodiscard]] std::size_t key_count() const { return keys_.size(); }

private:
  struct refusals {
    domain::instant began{};
    std::uint32_t count = 0;
  };
  void make_room(domain::instant now);

  std::map<std::string, refusals, std::less<>> keys_;
};

} // namespace busbar::control::sessions
