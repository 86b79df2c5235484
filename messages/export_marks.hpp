#pragma once
// Which entries of a list flow out of the vehicle: their places, beside structs that cannot grow.
// Only codecs include this.

#include "messages/border.hpp"

#include <cstdint>
#include <vector>

namespace busbar::messages::border {

using mark_vector = flatbuffers::Vector<std::uint32_t>;

/// Null where nothing flows out.
template <class Entry>
flatbuffers::Offset<mark_vector> put_export_marks(flatbuffers::FlatBufferBuilder& builder,
                                                  const std::vector<Entry>& entries) {
  std::vector<std::uint32_t> marks;
  for (std::size_t place = 0; place < entries.size(); ++place)
    if (entries[place].is_export) marks.push_back(static_cast<std::uint32_t>(place));
  if (marks.empty()) return 0;
  return builder.CreateVector(marks);
}

/// Places rise and are those of entries, or the first fault is told.
template <class Entry>
domain::result<void> take_export_marks(const mark_vector* marks, std::vector<Entry>& entries) {
  field_check check;
  std::int64_t lowest = 0;
  const auto last = static_cast<std::int64_t>(entries.size()) - 1;
  const auto count = static_cast<std::int64_t>(size_of(marks));
  for (flatbuffers::uoffset_t i = 0; i < count; ++i) {
    const auto place = marks->Get(i);
    if (!check.in_range("exporting", place, lowest, last)) return check.failure();
    entries[place].is_export = true;
    lowest = std::int64_t{place} + 1;
  }
  return {};
}

} // namespace busbar::messages::border
