#pragma once
// The one way in which this project writes bytes of its own, for what only it reads back: numbers
// little endian, counts with seven bits a byte, texts by what is new against the one before. What
// other programs read is FlatBuffers (messages/).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace busbar::domain {

class byte_writer {
public:
  /// The lowest `bytes` of `value`, the lowest first.
  void number(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  /// Eight bytes, two's complement.
  void integer(std::int64_t value) { number(static_cast<std::uint64_t>(value), 8); }
  /// A byte that says whether it is there, and then it.
  void integer_if_any(const std::optional<std::int64_t>& value) {
    number(value ? 1 : 0, 1);
    if (value) integer(*value);
  }
  /// Seven bits a byte, the lowest first.
  void count(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<std::uint8_t>(value | 0x80));
    bytes_.push_back(static_cast<std::uint8_t>(value));
  }
  /// What it has in common with the beginning of `before`, and what is new. REQUIRES: at most 255
  /// bytes each.
  void text(const std::string& value, const std::string& before) {
    const auto most = std::min(value.size(), before.size());
    std::size_t common = 0;
    while (common < most && value[common] == before[common]) ++common;
    number(common, 1);
    number(value.size() - common, 1);
    bytes_.insert(bytes_.end(), value.begin() + static_cast<std::ptrdiff_t>(common), value.end());
  }
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

private:
  std::vector<std::uint8_t> bytes_;
};

/// Reading past the end, or a value outside its range, spoils the whole: nothing more is read.
class byte_reader {
public:
  /// `text_bytes_max`: the longest text.
  explicit byte_reader(std::span<const std::uint8_t> bytes, std::size_t text_bytes_max = 255)
      : bytes_(bytes), text_bytes_max_(text_bytes_max) {}

  std::uint64_t number(int size, std::uint64_t most) {
    if (bytes_.size() < static_cast<std::size_t>(size)) return spoil();
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i)
      value |= std::uint64_t{bytes_[static_cast<std::size_t>(i)]} << (8 * i);
    bytes_ = bytes_.subspan(static_cast<std::size_t>(size));
    return value > most ? spoil() : value;
  }
  /// `low` where it is spoiled.
  std::int64_t integer(std::int64_t low, std::int64_t high) {
    const auto value = static_cast<std::int64_t>(number(8, ~std::uint64_t{0}));
    if (value < low || value > high) spoil();
    return is_spoiled_ ? low : value;
  }
  std::optional<std::int64_t> integer_if_any(std::int64_t low, std::int64_t high) {
    return number(1, 255) == 1 ? std::optional{integer(low, high)} : std::nullopt;
  }
  /// Of a place among `size`.
  std::uint32_t place(std::size_t size) {
    if (size == 0) return static_cast<std::uint32_t>(spoil());
    return static_cast<std::uint32_t>(number(4, size - 1));
  }
  /// Seven bits a byte, the lowest first.
  std::uint64_t count(std::uint64_t most) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63 && !is_spoiled_; shift += 7) {
      const auto byte = number(1, 255);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value > most ? spoil() : value;
    }
    return spoil();
  }
  /// Never empty.
  std::string text() {
    const auto size = static_cast<std::size_t>(number(1, text_bytes_max_));
    return size == 0 ? spoiled_text() : taken("", size);
  }
  /// Never empty.
  std::string text(const std::string& before) {
    const auto common = static_cast<std::size_t>(number(1, before.size()));
    const auto size = static_cast<std::size_t>(number(1, text_bytes_max_ - common));
    return common + size == 0 ? spoiled_text() : taken(before.substr(0, common), size);
  }
  [[nodiscard]] bool is_spoiled() const { return is_spoiled_; }
  [[nodiscard]] bool is_done() const { return !is_spoiled_ && bytes_.empty(); }

private:
  std::uint64_t spoil() {
    is_spoiled_ = true;
    bytes_ = {};
    return 0;
  }
  std::string spoiled_text() {
    spoil();
    return {};
  }
  std::string taken(std::string value, std::size_t size) {
    if (bytes_.size() < size) return spoiled_text();
    value.append(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size));
    bytes_ = bytes_.subspan(size);
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t text_bytes_max_;
  bool is_spoiled_ = false;
};

} // namespace busbar::domain
