#pragma once
// How the bytes of a file stand in it: one block after the other, each deflated and with its size
// and a checksum in front, so that a tail that was not written whole is found and left out.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace busbar::recording {

/// The first bytes of a file: format and version.
inline constexpr char file_mark[] = "busbar.recording.1\n";
/// What a block holds at most before it is deflated (docs/bounds.md).
inline constexpr std::size_t block_bytes_max = 256u << 20;

/// Appends `bytes` as a block. REQUIRES: at most block_bytes_max.
void put_block(std::vector<std::uint8_t>& to, std::span<const std::uint8_t> bytes);

/// Reads the blocks of a file from `from` on.
class block_reader {
public:
  /// `from`: a whole file, with its mark.
  explicit block_reader(std::span<const std::uint8_t> from);

  /// Absent at the end, and where the rest is no whole block.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> next();
  /// Bytes behind the last whole block; 0 where the file ends with one.
  [[nodiscard]] std::size_t torn() const { return torn_; }
  /// False: it is no recording, or one of another version.
  [[nodiscard]] bool has_mark() const { return has_mark_; }

private:
  std::span<const std::uint8_t> left_;
  std::size_t torn_ = 0;
  bool has_mark_ = false;
};

} // namespace busbar::recording
