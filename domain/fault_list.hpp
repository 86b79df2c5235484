#pragma once
// The faults of one input, a line of text each: the first ones stand, the rest are counted, so that
// an input of any size is refused in a bounded answer.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::domain {

/// `text` on one line and harmless to a terminal: control characters, and the separators of lines
/// and paragraphs, become \uXXXX.
[[nodiscard]] std::string one_line(std::string_view text);

/// `text` where it has at most `bytes_max` bytes (4 or more), else cut between two characters of
/// UTF-8, with "..." at its end.
[[nodiscard]] std::string shortened(std::string text, std::size_t bytes_max);

/// "199,900".
[[nodiscard]] std::string grouped(std::size_t number);

class fault_list {
public:
  static constexpr std::size_t kept_max = 100;
  static constexpr std::size_t fault_bytes_max = 1'000;

  /// "place: value: what is allowed"; kept as `one_line`, shortened to `fault_bytes_max`.
  void add(std::string_view text);
  /// Those of another input, after these.
  void add(const fault_list& others);

  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// All of them, also those that are only counted.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<std::string>& kept() const { return kept_; }
  [[nodiscard]] const std::string& front() const { return kept_.front(); }
  /// "and 199,900 more"; empty where every fault is kept.
  [[nodiscard]] std::string more_text() const;

private:
  std::vector<std::string> kept_;
  std::size_t size_ = 0;
};

} // namespace busbar::domain
