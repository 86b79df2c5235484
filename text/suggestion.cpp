#include "text/suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace busbar::text {

namespace {

/// Letters to insert, delete or replace, and neighbours to exchange.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::size_t replaced = last[k - 1] + (a[i - 1] == b[k - 1] ? 0 : 1);
      row[k] = std::min({replaced, last[k] + 1, row[k - 1] + 1});
      if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
        row[k] = std::min(row[k], before[k - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last.back();
}

} // namespace

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  constexpr std::size_t letters_max = 3;
  const std::string* nearest = nullptr;
  std::size_t least = letters_max + 1;
  // Longer names are no slip of the fingers, and comparing them costs time.
  if (name.size() > 64) return {};
  for (const auto& each : known) {
    const std::size_t apart = distance(name, each);
    if (apart >= least || apart * 3 > each.size()) continue;
    least = apart;
    nearest = &each;
  }
  return nearest ? " (did you mean `" + *nearest + "`?)" : std::string{};
}

} // namespace busbar::text
