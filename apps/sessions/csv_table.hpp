#pragma once
// A comma-separated file with a header line, read whole (RFC 4180): columns in any order, quoted
// cells that may hold commas and line breaks, a byte order mark, lines that end in CRLF, blanks
// around cells. Each fault names file, line, column name, value and what is allowed.

#include "domain/fault_list.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace busbar::apps {

class csv_table {
public:
  /// Reads `text`; `file` stands in the faults.
  csv_table(std::string file, const std::string& text);

  [[nodiscard]] std::size_t row_count() const { return rows_.size(); }
  /// False where the faults are about the header, or there is none.
  [[nodiscard]] bool has_header() const { return has_header_; }
  [[nodiscard]] bool has_column(const std::string& name) const;
  /// False and a fault, once, when the column is missing.
  bool require(const std::string& column);
  /// "file:line" of a row.
  [[nodiscard]] std::string where(std::size_t row) const;
  /// The cell's text; a fault when the column is missing.
  std::optional<std::string> text(std::size_t row, const std::string& column);
  /// A number in thousandths (13.2 is 13 200), rounded towards zero; a fault when it is none or
  /// outside low..high (thousandths, too).
  std::optional<std::int64_t> thousandths(std::size_t row, const std::string& column,
                                          std::int64_t low, std::int64_t high);
  void fail(std::size_t row, const std::string& column, const std::string& value,
            const std::string& allowed);

  [[nodiscard]] const domain::fault_list& faults() const { return faults_; }

private:
  struct read_row {
    std::size_t line = 0;
    std::vector<std::string> cells;
  };

  void read(const std::string& text);
  bool take_header(const std::vector<std::string>& cells, std::size_t line);
  [[nodiscard]] std::optional<std::size_t> place_of(const std::string& column) const;

  std::string file_;
  std::vector<std::string> header_;
  std::vector<read_row> rows_;
  domain::fault_list faults_;
  std::size_t header_line_ = 1;
  bool has_header_ = false;
  /// Columns that were said to be missing.
  std::set<std::string> told_missing_;
};

/// "12.345" is 12 345; empty when it is no such number or beyond +-9e12.
[[nodiscard]] std::optional<std::int64_t> thousandths_of(const std::string& text);

} // namespace busbar::apps
