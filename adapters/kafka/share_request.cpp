#include "adapters/kafka/share_request.hpp"

#include <utility>

namespace busbar::adapters::kafka {

void share_request::was_given(std::size_t own_partitions) {
  const bool is_first = !std::exchange(has_been_given_, true);
  if (is_wanted_ && is_first && own_partitions == 0) next_ = named_topics::own_and_another;
  // The round that shares out has come, also where others have every partition.
  else if (names_another_) next_ = named_topics::own;
}

std::optional<named_topics> share_request::take_next() {
  if (next_) names_another_ = next_ == named_topics::own_and_another;
  return std::exchange(next_, std::nullopt);
}

} // namespace busbar::adapters::kafka
