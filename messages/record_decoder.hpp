#pragma once
// What the log hands over, as messages. A record is more than bytes: it may have no value (a
// tombstone, as compaction tools and clients write it), no key, or the key of another site. Readers
// of the log use this in place of the decoders of `codec.hpp`, which take bytes.

#include "messages/codec.hpp"

namespace busbar::messages {

/// errc::missing_field: the record has no value.
[[nodiscard]] domain::result<bytes_view> value_of(const ports::record& from);

/// errc::missing_field (no key) or errc::out_of_range (another one) where the record's key is not
/// `site`: such a record lies in the order of another site, or in none.
[[nodiscard]] domain::result<void> check_key(const ports::record& from,
                                             const domain::site_id& site);

/// The message of a record. Beside the refusals of `decode` those of `value_of` and `check_key`.
template <class Message>
[[nodiscard]] domain::result<Message> decode_record(const ports::record& from,
                                                    domain::result<Message> (*decode)(bytes_view)) {
  const auto bytes = value_of(from);
  if (!bytes) return bytes.failure();
  auto message = decode(bytes.value());
  if (!message) return message;
  if (auto key = check_key(from, message.value().site); !key) return key.failure();
  return message;
}

} // namespace busbar::messages
