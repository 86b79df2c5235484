#pragma once
// Conditions of a query as they are found: their text with question marks, and what stands in them.

#include "adapters/sqlite/sqlite.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::adapters::store {

[[nodiscard]] inline std::int64_t number_of(domain::instant at) {
  return at.time_since_epoch().count();
}
[[nodiscard]] inline domain::instant instant_of(std::int64_t number) {
  return domain::instant{domain::microseconds{number}};
}

class condition_list {
public:
  /// `condition` has one question mark.
  void add(const char* condition, std::variant<std::int64_t, std::string> value) {
    begin() += condition;
    values_.push_back(std::move(value));
  }
  /// The column `site` is one of them; none: no row.
  void add_sites(const std::vector<domain::site_id>& sites) {
    std::string marks;
    for (const auto& each : sites) {
      marks += marks.empty() ? "?" : ", ?";
      values_.emplace_back(each.text());
    }
    begin() += "site IN (" + marks + ")";
  }
  /// " WHERE a AND b"; empty: there is none.
  [[nodiscard]] const std::string& text() const { return text_; }
  void bind(sqlite::statement& to) const {
    for (const auto& each : values_)
      std::visit([&to](const auto& value) { to.bind(value); }, each);
  }

private:
  std::string& begin() { return text_ += text_.empty() ? " WHERE " : " AND "; }

  std::string text_;
  std::vector<std::variant<std::int64_t, std::string>> values_;
};

} // namespace busbar::adapters::store
