#include "messages/border.hpp"

#include <cassert>
#include <cstring>
#include <limits>
#include <memory>

namespace busbar::messages::border {

namespace {

constexpr std::size_t identifier_place = 4;
constexpr std::size_t identifier_size = 4;

} // namespace

bool has_identifier(bytes_view bytes, const char* identifier) {
  return bytes.size() >= identifier_place + identifier_size &&
         std::memcmp(bytes.data() + identifier_place, identifier, identifier_size) == 0;
}

domain::error wrong_identifier(bytes_view bytes, const char* identifier) {
  if (bytes.size() < identifier_place + identifier_size)
    return {domain::errc::malformed, "has " + std::to_string(bytes.size()) +
                                         " bytes, a message has at least 8"};
  std::string found;
  for (std::size_t place = 0; place < identifier_size; ++place) {
    const auto byte = bytes[identifier_place + place];
    found += byte > 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
  }
  return {domain::errc::wrong_identifier,
          "file identifier is '" + found + "', allowed is '" + identifier + "'"};
}

domain::error malformed(bytes_view bytes) {
  return {domain::errc::malformed,
          "the FlatBuffers verifier refuses its " + std::to_string(bytes.size()) + " bytes"};
}

domain::error misplaced(const char* name) {
  return {domain::errc::malformed, std::string(name) + " does not begin where its entries may"};
}

bool is_aligned_to(const void* place, std::size_t alignment) {
  return reinterpret_cast<std::uintptr_t>(place) % alignment == 0;
}

flatbuffers::FlatBufferBuilder& empty_builder() {
  thread_local flatbuffers::FlatBufferBuilder builder(16'384);
  builder.Clear();
  return builder;
}

ports::shared_bytes finished_bytes(const flatbuffers::FlatBufferBuilder& builder) {
  const std::uint8_t* first = builder.GetBufferPointer();
  return std::make_shared<const std::vector<std::uint8_t>>(first, first + builder.GetSize());
}

flatbuffers::Offset<flatbuffers::String> put_text(flatbuffers::FlatBufferBuilder& builder,
                                                  std::string_view text, std::size_t bytes_max) {
  if (text.empty()) return 0;
  const std::string_view cut = cut_text(text, bytes_max);
  return builder.CreateString(cut.data(), cut.size());
}

std::uint16_t text_writer::place_of(std::string_view text, std::size_t bytes_max) {
  if (text.empty()) return 0;
  const std::string_view cut = cut_text(text, bytes_max);
  if (texts_.empty() || texts_.back() != cut) {
    assert(texts_.size() < std::numeric_limits<std::uint16_t>::max());
    texts_.emplace_back(cut);
  }
  return static_cast<std::uint16_t>(texts_.size());
}

flatbuffers::Offset<text_vector> text_writer::put(flatbuffers::FlatBufferBuilder& builder) const {
  if (texts_.empty()) return 0;
  return builder.CreateVectorOfStrings(texts_);
}

std::string text_at(const text_vector* texts, std::uint16_t place) {
  if (place == 0) return {};
  return std::string{text_of(texts->Get(static_cast<flatbuffers::uoffset_t>(place - 1)))};
}

} // namespace busbar::messages::border
