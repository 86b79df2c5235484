#pragma once
// Typed reading of one TOML table with bounds: collects faults instead of stopping at the first,
// and at the end reports every key that was not read.

#include "adapters/config/site_file.hpp"
#include "adapters/config/toml_library.hpp"

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::adapters::config {

/// The faults of one file: the first ones in its order stand, the rest are counted.
class fault_list {
public:
  explicit fault_list(std::string file) : file_(std::move(file)) {}
  void add(const toml::source_region& place, std::string message);
  /// Whether a fault at `place` would stand, so far. One that would not needs no text.
  [[nodiscard]] bool keeps(const toml::source_region& place) const;
  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  /// All of them, also those that are only counted.
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Those that stand, in the order of the file.
  [[nodiscard]] std::vector<fault> take();

private:
  void keep_the_first();

  std::string file_;
  std::vector<fault> faults_;
  std::size_t size_ = 0;
  /// Of the last of those that stand, once there are as many as may.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> last_;
};

/// A range of allowed numbers, both ends included, and the unit that people read.
struct range {
  double low = 0;
  double high = 0;
  const char* unit = "";
};

/// A value of a key, as read or by default, in whole parts of its unit.
struct valued_key {
  const char* key;
  std::int64_t value = 0;
};

/// How one value is to stand to another.
enum class key_order { below, at_most };

/// What was read, if anything was, else what `target` is already.
template <class Target, class Value>
void put(Target& target, const std::optional<Value>& read) {
  if (read) target = Target(*read);
}

/// Reads the keys of `table`; `what` names it in faults ("station CP-001").
class table_reader {
public:
  table_reader(const toml::table& table, std::string what, fault_list& faults);

  /// An id of 1..64 bytes of letters, digits and `-_.:`. Absent: a fault.
  [[nodiscard]] std::string required_id(std::string_view key);
  [[nodiscard]] std::optional<std::string> text(std::string_view key, std::size_t bytes_max);
  /// A text out of `allowed`.
  [[nodiscard]] std::optional<std::string> choice(std::string_view key,
                                                  const std::vector<std::string>& allowed);
  /// A text that is the name of one of `allowed`.
  template <class Enum>
  [[nodiscard]] std::optional<Enum> one_of(std::string_view key,
                                           std::initializer_list<Enum> allowed) {
    std::vector<std::string> names;
    for (const auto each : allowed) names.emplace_back(name_of(each));
    const auto name = choice(key, names);
    for (const auto each : allowed)
      if (name == name_of(each)) return each;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, range allowed);
  [[nodiscard]] std::optional<bool> boolean(std::string_view key);
  /// A number with up to three decimals, in thousandths: 15.8 A is 15 800. More decimals: a fault.
  [[nodiscard]] std::optional<std::int64_t> thousandths(std::string_view key, range allowed);
  /// The same with up to six decimals, in millionths.
  [[nodiscard]] std::optional<std::int64_t> millionths(std::string_view key, range allowed);
  /// One number for every line, or an array of three; in thousandths.
  [[nodiscard]] std::optional<std::array<std::int64_t, 3>> per_line_thousandths(
      std::string_view key, range allowed);
  /// An array of at least `least` different texts out of `names`; `allowed` is what a fault states.
  [[nodiscard]] std::optional<std::vector<std::string>> choices(
      std::string_view key, const std::vector<std::string>& names, std::size_t least,
      const std::string& allowed);
  [[nodiscard]] const toml::table* table(std::string_view key);
  /// An array of tables; absent: empty.
  [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);

  [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
  /// Where `key` stands, or the table where it is absent.
  [[nodiscard]] const toml::source_region& place(std::string_view key) const;
  /// `finish` does not report `key` again.
  void fail(std::string_view key, const std::string& message);
  /// `key` is not there, and neither is any of `others` that could stand for it: reported by
  /// `finish`, unless a key that is not known is meant to be one of them.
  void fail_absent(std::string_view key, const std::string& message,
                   std::initializer_list<std::string_view> others = {});
  /// A fault where `low` is not so towards `high`; values in 1/`scale` of their unit.
  void require(valued_key low, key_order so, valued_key high, std::int64_t scale = 1);
  /// Reports keys that were not read, and what is missing. Call once, last.
  void finish();

private:
  struct absence {
    std::string message;
    std::vector<std::string> keys;
  };
  const toml::node* find(std::string_view key);
  std::optional<std::int64_t> scaled(std::string_view key, const toml::node& node, range allowed,
                                     std::int64_t scale);

  const toml::table& table_;
  std::string what_;
  fault_list& faults_;
  std::vector<std::string> known_;
  std::vector<absence> absent_;
};

/// An array of 1 to 3 different texts out of L1, L2, L3.
[[nodiscard]] std::optional<std::vector<domain::line>> lines_in(table_reader& reader,
                                                                std::string_view key);

} // namespace busbar::adapters::config
