#include "adapters/kafka/kafka_decisions.hpp"

#include <algorithm>

namespace busbar::adapters::kafka {

domain::errc refusal_of(broker_answer answer) {
  switch (answer) {
  case broker_answer::queue_full: return domain::errc::full;
  case broker_answer::record_too_large: return domain::errc::too_large;
  case broker_answer::no_such_topic: return domain::errc::unknown_reference;
  case broker_answer::fenced: return domain::errc::stale;
  case broker_answer::already_exists: return domain::errc::duplicate;
  default: return domain::errc::unavailable;
  }
}

next_step after_create(broker_answer answer) {
  switch (answer) {
  case broker_answer::ok:
  // Another engine node made it at the same moment.
  case broker_answer::already_exists: return next_step::go_on;
  case broker_answer::passing: return next_step::try_again;
  default: return next_step::give_up;
  }
}

std::int64_t done_after(std::optional<std::int64_t> done, std::int64_t offset) {
  return std::max(done.value_or(0), offset + 1);
}

membership_step after_fatal_error(const claim_view& seen) {
  if (!seen.is_known) return membership_step::wait;
  return seen.later.empty() ? membership_step::join_again : membership_step::give_up;
}

std::string advice_for(broker_answer answer) {
  if (answer == broker_answer::not_allowed)
    return "this client may not create topics: create it with these settings, or allow CREATE";
  return "create it with these settings, or correct what the cluster complains about";
}

} // namespace busbar::adapters::kafka
