#pragma once
// Where bytes become FlatBuffers and back. Only the codecs (messages/*_codec.cpp) include this.

#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "messages/bounds.hpp"
#include "messages/codec.hpp"
#include "messages/field_check.hpp"

#include <flatbuffers/flatbuffers.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::messages::border {

/// A verified message. `root` points into `copy` or into the bytes that were opened.
template <class Root> struct opened {
  std::vector<std::uint8_t> copy;
  const Root* root = nullptr;
};

/// errc::malformed / errc::wrong_identifier as text, for the bytes given.
[[nodiscard]] domain::error wrong_identifier(bytes_view bytes, const char* identifier);
[[nodiscard]] domain::error malformed(bytes_view bytes);
/// errc::malformed for the vector `name`.
[[nodiscard]] domain::error misplaced(const char* name);
[[nodiscard]] bool has_identifier(bytes_view bytes, const char* identifier);
[[nodiscard]] bool is_aligned_to(const void* place, std::size_t alignment);

/// Verifies identifier and structure: afterwards every access stays within the bytes.
template <class Root>
[[nodiscard]] domain::result<opened<Root>> open(bytes_view bytes, const char* identifier) {
  if (!has_identifier(bytes, identifier)) return wrong_identifier(bytes, identifier);
  opened<Root> message;
  // FlatBuffers are read in place.
  if (!is_aligned_to(bytes.data(), 8)) {
    message.copy.assign(bytes.begin(), bytes.end());
    bytes = message.copy;
  }
  flatbuffers::Verifier verifier(bytes.data(), bytes.size());
  if (!verifier.VerifyBuffer<Root>(identifier)) return malformed(bytes);
  message.root = flatbuffers::GetRoot<Root>(bytes.data());
  return message;
}

/// The calling thread's builder, empty.
[[nodiscard]] flatbuffers::FlatBufferBuilder& empty_builder();
[[nodiscard]] ports::shared_bytes finished_bytes(const flatbuffers::FlatBufferBuilder& builder);

[[nodiscard]] inline std::int64_t to_us(domain::instant at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] inline domain::instant to_instant(std::int64_t us) {
  return domain::instant{domain::microseconds{us}};
}

[[nodiscard]] inline std::string_view text_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text->c_str(), text->size()};
}
template <class Id> [[nodiscard]] Id id_of(const flatbuffers::String* text) {
  return Id{std::string{text_of(text)}};
}
template <class Vector> [[nodiscard]] std::size_t size_of(const Vector* vector) {
  return vector == nullptr ? 0 : vector->size();
}
/// Absent where empty.
[[nodiscard]] flatbuffers::Offset<flatbuffers::String>
put_text(flatbuffers::FlatBufferBuilder& builder, std::string_view text, std::size_t bytes_max);

/// Absent where empty.
template <class Tag>
[[nodiscard]] flatbuffers::Offset<flatbuffers::String>
put_id(flatbuffers::FlatBufferBuilder& builder, const domain::text_id<Tag>& id) {
  return put_text(builder, id.text(), bounds::id_bytes_max);
}

/// Structs from domain values: `make(value)` for each.
template <class Struct, class Value, class Make>
[[nodiscard]] flatbuffers::Offset<flatbuffers::Vector<const Struct*>>
put_structs(flatbuffers::FlatBufferBuilder& builder, const std::vector<Value>& values, Make make) {
  if (values.empty()) return 0;
  Struct* out = nullptr;
  const auto vector = builder.CreateUninitializedVectorOfStructs<Struct>(values.size(), &out);
  for (const Value& value : values) *out++ = make(value);
  return vector;
}

/// Domain values from at most `most` structs: each must pass `is_right(struct, check)`.
template <class Struct, class Value, class IsRight, class Take>
[[nodiscard]] domain::result<void> take_structs(const char* name,
                                                const flatbuffers::Vector<const Struct*>* from,
                                                std::vector<Value>& to, IsRight is_right,
                                                Take take,
                                                std::size_t most = bounds::batch_entries_max) {
  field_check check;
  const std::size_t size = size_of(from);
  if (!check.is_size(name, size, most)) return check.failure();
  // The verifier holds a vector's entries to the alignment of its length only.
  if (size > 0 && !is_aligned_to(from->Data(), alignof(Struct))) return misplaced(name);
  to.resize(size);
  for (std::size_t place = 0; place < size; ++place) {
    const Struct& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!is_right(entry, check)) return check.failure(name, place);
    to[place] = take(entry);
  }
  return {};
}

using text_vector = flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>;

/// Texts that structs of one batch name by place plus one; equal neighbours share a place.
class text_writer {
public:
  /// 0 for an empty text.
  std::uint16_t place_of(std::string_view text, std::size_t bytes_max);
  [[nodiscard]] flatbuffers::Offset<text_vector>
  put(flatbuffers::FlatBufferBuilder& builder) const;

private:
  std::vector<std::string> texts_;
};

/// Every text passes `is_right(text, check)`.
template <class IsRight>
[[nodiscard]] domain::result<void> check_texts(const text_vector* texts, IsRight is_right) {
  field_check check;
  const std::size_t size = size_of(texts);
  if (!check.is_size("texts", size, 2 * bounds::batch_entries_max)) return check.failure();
  for (std::size_t place = 0; place < size; ++place)
    if (!is_right(text_of(texts->Get(static_cast<flatbuffers::uoffset_t>(place))), check))
      return check.failure("texts", place);
  return {};
}

/// The text at place - 1. REQUIRES: place <= size of `texts`.
[[nodiscard]] std::string text_at(const text_vector* texts, std::uint16_t place);

template <class Enum, class Other> [[nodiscard]] constexpr Enum enum_cast(Other value) {
  return static_cast<Enum>(static_cast<std::uint8_t>(value));
}

} // namespace busbar::messages::border
