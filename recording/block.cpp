#include "recording/block.hpp"

#include <zlib.h>

#include <array>
#include <cassert>
#include <cstring>
#include <string_view>

namespace busbar::recording {

namespace {

/// Sizes before and after, checksum of what stands in the file.
constexpr std::size_t front_bytes = 12;
constexpr std::string_view mark{file_mark};

void put_number(std::vector<std::uint8_t>& to, std::size_t at, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) to[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint32_t number_at(std::span<const std::uint8_t> from, std::size_t at) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{from[at + i]} << (8 * i);
  return value;
}

std::uint32_t checksum(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(
      crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

/// What is left after the differences is mostly a matter of how often a byte comes: the search for
/// repetitions takes most of the time and finds little.
constexpr int level = 1;

} // namespace

void put_block(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> bytes) {
  assert(bytes.size() <= block_bytes_max);
  const auto at = to.size();
  z_stream stream{};
  [[maybe_unused]] const auto begun =
      deflateInit2(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  assert(begun == Z_OK);
  const auto most = deflateBound(&stream, static_cast<uLong>(bytes.size()));
  to.resize(at + front_bytes + most);
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = to.data() + at + front_bytes;
  stream.avail_out = static_cast<uInt>(most);
  [[maybe_unused]] const auto done = deflate(&stream, Z_FINISH);
  assert(done == Z_STREAM_END);
  to.resize(at + front_bytes + stream.total_out);
  deflateEnd(&stream);
  const std::span stored{to.data() + at + front_bytes, to.size() - at - front_bytes};
  put_number(to, at, static_cast<std::uint32_t>(bytes.size()));
  put_number(to, at + 4, static_cast<std::uint32_t>(stored.size()));
  put_number(to, at + 8, checksum(stored));
}

block_reader::block_reader(std::span<const std::uint8_t> from) : left_(from) {
  has_mark_ = from.size() >= mark.size() && std::memcmp(from.data(), mark.data(), mark.size()) == 0;
  left_ = has_mark_ ? from.subspan(mark.size()) : std::span<const std::uint8_t>{};
}

std::optional<std::vector<std::uint8_t>> block_reader::next() {
  const auto cut = [this]() -> std::optional<std::vector<std::uint8_t>> {
    torn_ += left_.size();
    left_ = {};
    return std::nullopt;
  };
  if (left_.size() < front_bytes) return cut();
  const std::size_t size = number_at(left_, 0);
  const std::size_t stored_size = number_at(left_, 4);
  if (size > block_bytes_max || stored_size > left_.size() - front_bytes) return cut();
  const auto stored = left_.subspan(front_bytes, stored_size);
  if (checksum(stored) != number_at(left_, 8)) return cut();
  std::vector<std::uint8_t> bytes(size);
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return cut();
  stream.next_in = const_cast<Bytef*>(stored.data());
  stream.avail_in = static_cast<uInt>(stored.size());
  stream.next_out = bytes.data();
  stream.avail_out = static_cast<uInt>(bytes.size());
  const auto done = inflate(&stream, Z_FINISH);
  const bool is_whole = done == Z_STREAM_END && stream.total_out == size;
  inflateEnd(&stream);
  if (!is_whole) return cut();
  left_ = left_.subspan(front_bytes + stored_size);
  return bytes;
}

} // namespace busbar::recording
