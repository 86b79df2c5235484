#include "adapters/kafka/share_request.hpp"

#include <utility>

namespace busbar::adapters::kafka {

namespace {

/// Two rounds of a group that moves take less.
constexpr std::chrono::seconds quiet_for{2};

} // namespace

void share_request::was_given(std::size_t own_partitions, time_point now) {
  has_been_given_ = true;
  const bool is_first = std::exchange(awaits_first_, false);
  if (is_wanted_ && is_first && own_partitions == 0) {
    next_ = named_topics::own_and_another;
    due_ = now + quiet_for;
  } else if (names_another_) {
    // The round that shares out has come, also where others have every partition.
    next_ = named_topics::own;
    due_ = now;
  } else if (own_partitions > 0)
    next_.reset();
}

void share_request::begin_anew() {
  awaits_first_ = true;
  names_another_ = false;
  next_.reset();
}

std::optional<named_topics> share_request::take_next(time_point now) {
  if (!next_ || now < due_) return std::nullopt;
  names_another_ = next_ == named_topics::own_and_another;
  return std::exchange(next_, std::nullopt);
}

} // namespace busbar::adapters::kafka
