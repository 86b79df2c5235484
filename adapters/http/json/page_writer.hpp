#pragma once
// One page of a list: {"items": [...], "total": n, "next": "cursor" or null}. The cursor is the
// place in the list's fixed order.

#include "adapters/http/json/query_reader.hpp"
#include "text/json_writer.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace busbar::adapters::http::json {

struct page_bounds {
  static constexpr std::uint64_t limit_max = 5'000;
  std::uint64_t limit = 100;
  std::uint64_t offset = 0;
};

/// Reads `limit` and `after`.
[[nodiscard]] page_bounds read_page(query_reader& query);

class page_writer {
public:
  explicit page_writer(page_bounds bounds);

  /// Counts one more match; true where it belongs on this page and is to be written next.
  [[nodiscard]] bool wants_next();
  /// Counts further matches, none of which is written.
  void skip(std::uint64_t count) { matches_ += count; }
  text::json_writer& json() { return json_; }
  /// Closes the list, adds what `members` writes beside it, and hands out the text.
  [[nodiscard]] std::string finish(const std::function<void(text::json_writer&)>& members = {});

private:
  page_bounds bounds_;
  text::json_writer json_;
  std::uint64_t matches_ = 0;
};

/// Whether `part` stands in `text`, where ASCII letters of both cases are the same.
[[nodiscard]] bool contains_any_case(std::string_view text, std::string_view part);

} // namespace busbar::adapters::http::json
