#include "text/suggestion.hpp"

#include <algorithm>
#include <utility>

namespace busbar::text {

namespace {

/// Names that differ by more letters are not suggested.
constexpr std::size_t letters_max = 3;
/// Longer names are no slip of the fingers, and comparing them costs time.
constexpr std::size_t name_bytes_max = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Of writing `b` in place of `a`.
std::size_t cost(char a, char b) { return small(a) == small(b) ? 0 : 1; }

/// As many digits, and not the same ones.
bool has_other_digits(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view in, std::size_t at) {
    while (at < in.size() && !is_digit(in[at])) ++at;
    return at;
  };
  bool are_other = false;
  std::size_t i = next(a, 0), k = next(b, 0);
  for (; i < a.size() && k < b.size(); i = next(a, i + 1), k = next(b, k + 1))
    are_other = are_other || a[i] != b[k];
  return are_other && i >= a.size() && k >= b.size();
}

/// Letters to insert, delete or replace, and neighbours to exchange.
/// REQUIRES: neither is longer than `name_bytes_max` and `letters_max` together.
std::size_t distance(std::string_view a, std::string_view b) {
  using row = std::array<std::size_t, name_bytes_max + letters_max + 1>;
  row rows[3];
  row *before = &rows[0], *last = &rows[1], *now = &rows[2];
  for (std::size_t k = 0; k <= b.size(); ++k) (*last)[k] = k;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    (*now)[0] = i;
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const auto replaced = (*last)[k - 1] + cost(a[i - 1], b[k - 1]);
      (*now)[k] = std::min({replaced, (*last)[k] + 1, (*now)[k - 1] + 1});
      const bool is_exchange = i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1];
      if (is_exchange) (*now)[k] = std::min((*now)[k], (*before)[k - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return (*last)[b.size()];
}

} // namespace

void nearest_name::offer(std::string_view known) {
  if (name_.size() > name_bytes_max || ++offered_ > names_max) return;
  const auto most = std::min(letters_max, known.size() / 3);
  const auto apart_at_least = name_.size() > known.size() ? name_.size() - known.size()
                                                          : known.size() - name_.size();
  // Most names are too short or too long, which costs no comparison.
  if (apart_at_least > most || apart_at_least >= least_ || has_other_digits(name_, known)) return;
  const auto apart = distance(name_, known);
  if (apart > most || apart >= least_) return;
  least_ = apart;
  size_ = known.copy(found_.data(), bytes_max);
}

std::string nearest_name::text() const {
  return size_ == 0 ? "" : " (did you mean `" + std::string{found()} + "`?)";
}

} // namespace busbar::text
