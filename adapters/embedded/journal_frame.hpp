#pragma once
// One entry of the journal as bytes: u32 length of the body, u32 CRC-32 of it, the body. Numbers
// are little-endian; texts are a u32 length and their bytes.

#include "adapters/embedded/journal.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace busbar::adapters::embedded {

void put_frame(std::vector<std::uint8_t>& to, const journal_entry& entry);

/// The frame at `place`, which moves behind it. Absent: there is no whole frame; `place` stays.
[[nodiscard]] std::optional<journal_entry> take_frame(const std::vector<std::uint8_t>& from,
                                                      std::uint64_t& place);

} // namespace busbar::adapters::embedded
