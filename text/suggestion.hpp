#pragma once
// Which known name is meant by one that is not known.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace busbar::text {

/// The known name that at most a third of its letters, and at most three, tell from `name`
/// (Levenshtein's distance, where two neighbours that changed places count as one, and capital
/// letters are the same as small ones); the first of equally near ones. Another digit is another
/// name: CP-025 is no slip for CP-005.
class nearest_name {
public:
  /// Known names that are looked at.
  static constexpr std::size_t names_max = 16'384;

  explicit nearest_name(std::string_view name) : name_(name) {}
  void offer(std::string_view known);
  /// Empty where none is so near.
  [[nodiscard]] std::string_view found() const { return {found_.data(), size_}; }
  /// " (did you mean `max_a`?)"; empty where none is so near.
  [[nodiscard]] std::string text() const;

private:
  static constexpr std::size_t bytes_max = 68;

  std::string_view name_;
  std::array<char, bytes_max> found_{};
  std::size_t size_ = 0;
  std::size_t least_ = bytes_max;
  std::size_t offered_ = 0;
};

/// The text of the nearest of `known`.
template <class Names>
[[nodiscard]] std::string did_you_mean(std::string_view name, const Names& known) {
  nearest_name nearest{name};
  for (const auto& each : known) nearest.offer(each);
  return nearest.text();
}

/// The same where `id_of` each of `things` is a name.
template <class Things, class Projection>
[[nodiscard]] std::string did_you_mean(std::string_view name, const Things& things,
                                       Projection id_of) {
  nearest_name nearest{name};
  for (const auto& each : things) nearest.offer(id_of(each));
  return nearest.text();
}

} // namespace busbar::text
