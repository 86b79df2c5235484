#pragma once
// What stations are told of a tag: by the list, an authority, their rules, and how often tags were
// refused.

#include "adapters/ocpp/gateway/ruling_cache.hpp"
#include "adapters/ocpp/gateway/tag_book.hpp"
#include "adapters/ocpp/station/station_calls.hpp"
#include "control/sessions/guess_limit.hpp"

#include <cstddef>
#include <cstdint>

namespace busbar::adapters::ocpp::gateway {

/// What is known of tags.
struct tag_sources {
  const tag_book& list;
  const shared_rulings& rulings;
};

class tag_judge {
public:
  /// `running`: other transactions that run with the tag. Where too many were refused within the
  /// minute, one that is only asked about is Invalid and is not looked up; that of a transaction
  /// which begins always is: it is a fact, and its driver may be the right one.
  [[nodiscard]] station::tag_answer judge(const tag_sources& from, const station::stated_tag& tag,
                                          std::size_t running, domain::instant now);
  /// Tags that were not looked up, since the start.
  [[nodiscard]] std::uint64_t not_looked_up() const { return not_looked_up_; }

private:
  control::sessions::guess_limit of_stations_;
  control::sessions::guess_limit of_tags_;
  std::uint64_t not_looked_up_ = 0;
};

/// What list, authority and the station's rules say, whatever was refused before.
[[nodiscard]] station::tag_answer verdict_of(const tag_sources& from,
                                             const station::stated_tag& tag, std::size_t running,
                                             domain::instant now);

} // namespace busbar::adapters::ocpp::gateway
