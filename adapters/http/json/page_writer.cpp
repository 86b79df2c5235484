#include "adapters/http/json/page_writer.hpp"

#include <algorithm>

namespace busbar::adapters::http::json {

using namespace server;

page_bounds read_page(query_reader& query) {
  page_bounds bounds;
  bounds.limit = query.number("limit", 1, page_bounds::limit_max).value_or(bounds.limit);
  bounds.offset = query.number("after", 0, 1'000'000'000).value_or(0);
  return bounds;
}

page_writer::page_writer(page_bounds bounds) : bounds_(bounds) {
  json_.begin_object().key("items").begin_array();
}

bool page_writer::wants_next() {
  const std::uint64_t place = matches_++;
  return place >= bounds_.offset && place < bounds_.offset + bounds_.limit;
}

std::string page_writer::finish(const std::function<void(text::json_writer&)>& members) {
  json_.end_array();
  if (members) members(json_);
  json_.member("total", matches_).key("next");
  const std::uint64_t end = bounds_.offset + bounds_.limit;
  if (end < matches_) json_.value(std::to_string(end));
  else json_.null();
  json_.end_object();
  return json_.take();
}

bool contains_any_case(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  const auto same = [&](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

} // namespace busbar::adapters::http::json
