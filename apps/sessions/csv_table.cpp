#include "apps/sessions/csv_table.hpp"

#include <algorithm>
#include <string_view>
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

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The records of a text, one at a time (RFC 4180): a quoted cell may hold commas, line breaks and
/// doubled quotes.
class record_reader {
public:
  explicit record_reader(std::string_view text) : text_(text) {}

  /// False at the end of the text.
  bool next();
  [[nodiscard]] const std::vector<std::string>& cells() const { return cells_; }
  /// Where the record begins, 1-based.
  [[nodiscard]] std::size_t line() const { return line_; }
  /// Column of a quote that is never closed, 1-based; the rest of the text is its cell.
  [[nodiscard]] std::optional<std::size_t> open_quote() const { return open_quote_; }

private:
  void take(char c);
  void begin_quote();
  void end_cell();

  std::string_view text_;
  std::size_t place_ = 0;
  std::size_t next_line_ = 1;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
  bool is_in_quotes_ = false;
  bool was_quoted_ = false;
  std::optional<std::size_t> open_quote_;
  std::vector<std::string> cells_;
};

void record_reader::end_cell() {
  if (!was_quoted_) cells_.back() = trimmed(cells_.back());
  was_quoted_ = false;
}

void record_reader::begin_quote() {
  is_in_quotes_ = was_quoted_ = true;
  open_quote_ = place_ - line_begin_ + 1;
  // Blanks between a comma and a quote belong to no cell.
  if (trimmed(cells_.back()).empty()) cells_.back().clear();
}

void record_reader::take(char c) {
  const bool is_doubled = place_ + 1 < text_.size() && text_[place_ + 1] == '"';
  if (c == '"' && is_in_quotes_ && is_doubled) {
    cells_.back() += text_[++place_];
  } else if (c == '"' && is_in_quotes_) {
    is_in_quotes_ = false;
    open_quote_.reset();
  } else if (c == '"') {
    begin_quote();
  } else if (c == ',' && !is_in_quotes_) {
    end_cell();
    cells_.emplace_back();
  } else if (is_in_quotes_ || (c != '\r' && !(was_quoted_ && (c == ' ' || c == '\t')))) {
    cells_.back() += c;
  }
}

bool record_reader::next() {
  if (place_ >= text_.size()) return false;
  cells_.assign(1, {});
  line_ = next_line_;
  line_begin_ = place_;
  for (; place_ < text_.size(); ++place_) {
    const char c = text_[place_];
    if (c == '\n') ++next_line_;
    if (c == '\n' && !is_in_quotes_) break;
    take(c);
  }
  ++place_;
  end_cell();
  return true;
}

/// Why a file that is no CSV at all is none; empty where it may be one.
std::string not_text(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return "is UTF-16: allowed is UTF-8";
  if (text.find('\0') != std::string_view::npos) return "holds bytes of 0: allowed is text, UTF-8";
  return {};
}

/// A header that is separated by something else than commas.
std::string not_by_commas(const std::vector<std::string>& header) {
  if (header.size() != 1) return {};
  for (const char other : {';', '\t', '|'})
    if (header.front().find(other) != std::string::npos)
      return std::string("the header is separated by ") +
             (other == '\t' ? "tabs" : std::string("'") + other + "'") + ": allowed are commas";
  return {};
}

} // namespace

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
  if (const auto why = not_text(text); !why.empty()) return faults_.add(file_ + ": " + why);
  std::string_view rest = text;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  record_reader records{rest};
  while (records.next()) {
    const bool is_blank = records.cells().size() == 1 && records.cells().front().empty();
    const std::string where = file_ + ":" + std::to_string(records.line());
    if (const auto column = records.open_quote())
      return faults_.add(where + ":" + std::to_string(*column) + ": a quote that is never closed");
    if (is_blank) continue;
    if (header_.empty()) {
      if (!take_header(records.cells(), records.line())) return;
    } else if (rows_.size() == rows_max) {
      return faults_.add(where + ": more rows than the 1000000 allowed");
    } else if (records.cells().size() != header_.size()) {
      faults_.add(where + ": " + std::to_string(records.cells().size()) +
                  " cells: the header has " + std::to_string(header_.size()));
    } else {
      rows_.push_back({records.line(), records.cells()});
    }
  }
  if (header_.empty()) faults_.add(file_ + ": is empty: allowed is a header and rows");
}

bool csv_table::take_header(const std::vector<std::string>& cells, std::size_t line) {
  header_ = cells;
  header_line_ = line;
  const std::string where = file_ + ":" + std::to_string(line) + ": ";
  if (header_.size() > columns_max)
    faults_.add(where + std::to_string(header_.size()) + " columns: allowed are 256");
  if (const auto why = not_by_commas(header_); !why.empty()) faults_.add(where + why);
  for (auto name = header_.begin(); name != header_.end(); ++name)
    if (!name->empty() && std::find(header_.begin(), name, *name) != name)
      faults_.add(where + "column '" + *name + "' stands there twice");
  has_header_ = faults_.empty();
  return has_header_;
}

std::optional<std::size_t> csv_table::place_of(const std::string& column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

bool csv_table::has_column(const std::string& name) const { return place_of(name).has_value(); }

std::string csv_table::where(std::size_t row) const {
  return file_ + ":" + std::to_string(rows_[row].line);
}

void csv_table::fail(std::size_t row, const std::string& column, const std::string& value,
                     const std::string& allowed) {
  faults_.add(where(row) + ": " + column + " '" + value + "': allowed is " + allowed);
}

bool csv_table::require(const std::string& column) {
  if (has_column(column)) return true;
  if (told_missing_.insert(column).second)
    faults_.add(file_ + ":" + std::to_string(header_line_) + ": column '" + column +
                "' is missing");
  return false;
}

std::optional<std::string> csv_table::text(std::size_t row, const std::string& column) {
  if (!require(column)) return std::nullopt;
  return rows_[row].cells[*place_of(column)];
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
