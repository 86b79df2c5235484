// busbar.dead-letters.v1

#include "messages/border.hpp"
#include "messages/schema/dead_letters_generated.h"

#include <algorithm>
#include <limits>

namespace busbar::messages {

namespace {

using namespace border;

bool letter_is_right(const schema::DeadLetter& from, field_check& check) {
  using namespace bounds;
  return check.is_name("topic", text_of(from.topic()), topic_bytes_max) &&
         check.in_range("partition", from.partition(), 0,
                        std::numeric_limits<std::int32_t>::max()) &&
         check.in_range("offset", from.offset(), 0, std::numeric_limits<std::int64_t>::max()) &&
         check.is_size("key", size_of(from.key()), record_key_bytes_max) &&
         check.is_set("code", from.code(), schema::Refusal::MAX) &&
         check.is_text("reason", text_of(from.reason()), text_bytes_max) &&
         check.is_size("original", size_of(from.original()), dead_letter_bytes_max) &&
         check.is_size("original", size_of(from.original()), from.original_size()) &&
         check.in_range("at_us", from.at_us(), 0, time_us_max);
}

} // namespace

ports::shared_bytes encode(const dead_letter& letter) {
  auto& builder = empty_builder();
  const auto topic = builder.CreateString(letter.topic);
  const auto key =
      builder.CreateVector(reinterpret_cast<const std::uint8_t*>(letter.key.data()),
                           std::min(letter.key.size(), bounds::record_key_bytes_max));
  const auto reason = put_text(builder, letter.reason, bounds::text_bytes_max);
  const auto original = builder.CreateVector(
      letter.original.data(), std::min(letter.original.size(), bounds::dead_letter_bytes_max));
  schema::FinishDeadLetterBuffer(
      builder,
      schema::CreateDeadLetter(builder, topic, letter.partition, letter.offset, key,
                               enum_cast<schema::Refusal>(letter.code), reason, original,
                               letter.original_size, to_us(letter.at)));
  return finished_bytes(builder);
}

domain::result<dead_letter> decode_dead_letter(bytes_view bytes) {
  auto message = open<schema::DeadLetter>(bytes, schema::DeadLetterIdentifier());
  if (!message) return message.failure();
  const schema::DeadLetter& root = *message.value().root;
  field_check check;
  if (!letter_is_right(root, check)) return check.failure();
  dead_letter letter;
  letter.topic = text_of(root.topic());
  letter.partition = root.partition();
  letter.offset = root.offset();
  if (root.key() != nullptr) letter.key.assign(root.key()->begin(), root.key()->end());
  letter.code = enum_cast<domain::errc>(root.code());
  letter.reason = text_of(root.reason());
  if (root.original() != nullptr)
    letter.original.assign(root.original()->begin(), root.original()->end());
  letter.original_size = root.original_size();
  letter.at = to_instant(root.at_us());
  return letter;
}

} // namespace busbar::messages
