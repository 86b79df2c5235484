#include "control/transition/line_raises.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::transition {

void permit_raises(std::span<line_raise> rows, std::size_t at_once) {
  const auto settling = static_cast<std::size_t>(std::ranges::count_if(
      rows, [](const line_raise& row) { return row.is_settling(); }));
  const auto waits = [](const line_raise& row) {
    return row.may_be_raised() && !row.is_settling();
  };
  const auto waiting_end = std::partition(rows.begin(), rows.end(), waits);
  std::sort(rows.begin(), waiting_end, [](const line_raise& a, const line_raise& b) {
    return std::tuple(a.raised_at, a.connector) < std::tuple(b.raised_at, b.connector);
  });
  const auto waiting = static_cast<std::size_t>(waiting_end - rows.begin());
  const auto begun = std::min(waiting, at_once - std::min(at_once, settling));
  for (auto& row : rows.first(begun)) row.is_permitted = true;
  const auto left = rows.subspan(begun, waiting - begun);
  const auto lowest = std::ranges::min_element(
      left, [](const line_raise& a, const line_raise& b) { return a.told < b.told; });
  for (auto& row : rows.subspan(waiting))
    row.is_permitted =
        row.may_be_raised() && (left.empty() || row.told < lowest->told + ahead_max);
}

} // namespace busbar::control::transition
