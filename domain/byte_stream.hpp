#pragma once
// Numbers and texts as bytes of no fixed length (LEB128, zigzag), written to the end of a vector
// and read from a span.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::domain {

class stream_writer {
public:
  explicit stream_writer(std::vector<std::uint8_t>& to) : to_(to) {}

  void put_byte(std::uint8_t value) { to_.push_back(value); }
  void put_unsigned(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) to_.push_back(static_cast<std::uint8_t>(value | 0x80));
    to_.push_back(static_cast<std::uint8_t>(value));
  }
  void put_signed(std::int64_t value) {
    put_unsigned((static_cast<std::uint64_t>(value) << 1) ^
                 static_cast<std::uint64_t>(value >> 63));
  }
  void put_bytes(std::span<const std::uint8_t> bytes) {
    put_unsigned(bytes.size());
    to_.insert(to_.end(), bytes.begin(), bytes.end());
  }
  void put_text(std::string_view text) {
    put_unsigned(text.size());
    to_.insert(to_.end(), text.begin(), text.end());
  }

private:
  std::vector<std::uint8_t>& to_;
};

/// Past the end, or where the bytes make no sense, everything is zero and `has_failed`.
class stream_reader {
public:
  explicit stream_reader(std::span<const std::uint8_t> from) : from_(from) {}

  [[nodiscard]] std::uint8_t byte() {
    if (at_ >= from_.size()) return fail();
    return from_[at_++];
  }
  [[nodiscard]] std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    return fail();
  }
  [[nodiscard]] std::int64_t signed_number() {
    const auto value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  /// Of a list whose entries take at least one byte each.
  [[nodiscard]] std::size_t count() {
    const auto value = number();
    if (value > from_.size() - at_) return fail();
    return static_cast<std::size_t>(value);
  }
  /// Valid as long as the bytes that are read.
  [[nodiscard]] std::span<const std::uint8_t> bytes() {
    const auto size = count();
    const auto part = from_.subspan(at_, size);
    at_ += size;
    return part;
  }
  /// What is not read yet.
  [[nodiscard]] std::span<const std::uint8_t> rest() const { return from_.subspan(at_); }
  [[nodiscard]] std::string text() {
    const auto part = bytes();
    return {part.begin(), part.end()};
  }
  void refuse() { static_cast<void>(fail()); }

  [[nodiscard]] bool has_failed() const { return has_failed_; }
  [[nodiscard]] bool is_at_end() const { return at_ >= from_.size(); }

private:
  std::uint8_t fail() {
    has_failed_ = true;
    at_ = from_.size();
    return 0;
  }

  std::span<const std::uint8_t> from_;
  std::size_t at_ = 0;
  bool has_failed_ = false;
};

} // namespace busbar::domain
