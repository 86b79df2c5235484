#include "apps/fleet/csv_table.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace busbar::apps {

namespace {

constexpr std::size_t rows_max = 1'000'000;
constexpr std::size_t columns_max = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string shown_thousandths(std::int64_t value) {
  const std::string sign = value < 0 ? "-" : "";
  const std::int64_t size = value < 0 ? -value : value;
  std::string digits = std::to_string(size / 1000);
  if (size % 1000 != 0) digits += "." + std::to_string(1000 + size % 1000).substr(1);
  return sign + digits;
}

} // namespace

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (std::size_t place = 0; place < line.size(); ++place) {
    const char c = line[place];
    if (c == '"' && is_quoted && place + 1 < line.size() && line[place + 1] == '"')
      cells.back() += line[++place];
    else if (c == '"')
      is_quoted = !is_quoted;
    else if (c == ',' && !is_quoted)
      cells.emplace_back();
    else
      cells.back() += c;
  }
  return cells;
}

std::optional<std::int64_t> thousandths_of(const std::string& text) {
  std::size_t place = 0;
  const bool is_negative = !text.empty() && text[0] == '-';
  if (is_negative) ++place;
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; place < text.size() && is_digit(text[place]) && digits < 10; ++place, ++digits)
    value = value * 10 + (text[place] - '0');
  value *= 1000;
  if (place < text.size() && text[place] == '.') {
    std::int64_t unit = 100;
    for (++place; place < text.size() && is_digit(text[place]); ++place, ++digits, unit /= 10)
      value += unit * (text[place] - '0');
  }
  if (place != text.size() || digits == 0) return std::nullopt;
  return is_negative ? -value : value;
}

csv_table::csv_table(std::string file, const std::string& text) : file_(std::move(file)) {
  read(text);
}

void csv_table::read(const std::string& text) {
  std::istringstream lines(text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    auto cells = cells_of(line);
    const std::string where = file_ + ":" + std::to_string(number) + ": ";
    if (header_.empty()) {
      header_ = std::move(cells);
      if (header_.size() > columns_max)
        faults_.add(where + std::to_string(header_.size()) + " columns: allowed are 256");
      continue;
    }
    if (rows_.size() == rows_max) {
      faults_.add(where + "more rows than the 1000000 allowed");
      return;
    }
    if (cells.size() != header_.size())
      faults_.add(where + std::to_string(cells.size()) + " cells: the header has " +
                        std::to_string(header_.size()));
    else
      rows_.push_back({number, std::move(cells)});
  }
  if (header_.empty()) faults_.add(file_ + ": is empty: allowed is a header and rows");
}

std::optional<std::size_t> csv_table::place_of(const std::string& column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

bool csv_table::has_column(const std::string& name) const { return place_of(name).has_value(); }

void csv_table::fail(std::size_t row, const std::string& column, const std::string& value,
                     const std::string& allowed) {
  faults_.add(file_ + ":" + std::to_string(rows_[row].line) + ": " + column + " '" + value +
                    "': allowed is " + allowed);
}

std::optional<std::string> csv_table::text(std::size_t row, const std::string& column) {
  const auto place = place_of(column);
  if (place) return rows_[row].cells[*place];
  if (!std::exchange(has_told_missing_, true))
    faults_.add(file_ + ":1: column '" + column + "' is missing");
  return std::nullopt;
}

std::optional<std::int64_t> csv_table::thousandths(std::size_t row, const std::string& column,
                                                   std::int64_t low, std::int64_t high) {
  const auto cell = text(row, column);
  if (!cell) return std::nullopt;
  const auto value = thousandths_of(*cell);
  if (value && *value >= low && *value <= high) return value;
  fail(row, column, *cell,
       "a number, " + shown_thousandths(low) + ".." + shown_thousandths(high));
  return std::nullopt;
}

} // namespace busbar::apps
