#pragma once
// A comma-separated file with a header line, read whole: quoted cells, a byte order mark and CRLF
// are understood. Each fault names file, line, column name, value and what is allowed.

#include "domain/fault_list.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

class csv_table {
public:
  /// Reads `text`; `file` stands in the faults.
  csv_table(std::string file, const std::string& text);

  [[nodiscard]] std::size_t row_count() const { return rows_.size(); }
  [[nodiscard]] bool has_column(const std::string& name) const;
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
  [[nodiscard]] std::optional<std::size_t> place_of(const std::string& column) const;

  std::string file_;
  std::vector<std::string> header_;
  std::vector<read_row> rows_;
  domain::fault_list faults_;
  bool has_told_missing_ = false;
};

/// The cells of one line.
[[nodiscard]] std::vector<std::string> cells_of(const std::string& line);

/// "12.345" is 12 345; empty when it is no such number or beyond +-9e12.
[[nodiscard]] std::optional<std::int64_t> thousandths_of(const std::string& text);

} // namespace busbar::apps
