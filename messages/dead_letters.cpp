#include "messages/dead_letters.hpp"

#include "messages/bounds.hpp"
#include "messages/topics.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::messages {

void dead_letters::refuse(const ports::record& what, const domain::error& why,
                          domain::instant now) {
  assert(why.code != domain::errc::unspecified);
  const auto published =
      producer_.publish(dead_letters_topic, what.key, encode(letter_about(what, why, now)));
  std::scoped_lock lock(mutex_);
  ++refused_[{what.place.topic, why.code}];
  if (!published) ++unpublished_;
}

dead_letters::counts dead_letters::refused() const {
  std::scoped_lock lock(mutex_);
  return refused_;
}

std::uint64_t dead_letters::unpublished() const {
  std::scoped_lock lock(mutex_);
  return unpublished_;
}

dead_letter letter_about(const ports::record& what, const domain::error& why, domain::instant now) {
  dead_letter letter;
  letter.topic = what.place.topic;
  letter.partition = what.place.partition;
  letter.offset = what.offset;
  letter.key = what.key;
  letter.code = why.code;
  letter.reason = why.message;
  letter.at = now;
  if (what.value == nullptr) return letter;
  letter.original_size = what.value->size();
  const auto kept = std::min(what.value->size(), bounds::dead_letter_bytes_max);
  letter.original.assign(what.value->begin(),
                         what.value->begin() + static_cast<std::ptrdiff_t>(kept));
  return letter;
}

} // namespace busbar::messages
