#include "adapters/config/table_reader.hpp"

#include "adapters/config/site_tables.hpp"
#include "domain/fault_list.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <sstream>

namespace busbar::adapters::config {

namespace {

std::string shown(const toml::node& node) {
  if (const auto* list = node.as_array())
    return "an array of " + std::to_string(list->size());
  if (node.is_table()) return "a table";
  std::ostringstream out;
  out << toml::node_view<const toml::node>{node};
  return domain::shortened(std::move(out).str(), 80);
}

std::string shown(double number) {
  std::ostringstream out;
  out.precision(12);
  out << number;
  return out.str();
}

std::string allowed_text(const range& allowed) {
  const std::string unit = *allowed.unit == '\0' ? "" : std::string{" "} + allowed.unit;
  return shown(allowed.low) + " to " + shown(allowed.high) + unit;
}

} // namespace

/// Says of a number in quotes that the quotes are its fault.
std::string quoted_number(const toml::node& node) {
  const auto* text = node.as_string();
  const auto is_digit = [](char each) { return std::strchr("0123456789.-+", each) != nullptr; };
  const bool is_number =
      text && !text->get().empty() && std::ranges::all_of(text->get(), is_digit);
  return is_number ? " in quotes, a text" : "";
}

bool is_id(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.' || c == ':';
  };
  return !text.empty() && text.size() <= id_bytes_max && std::ranges::all_of(text, fits);
}

namespace {

std::pair<std::uint32_t, std::uint32_t> order_of(const toml::source_region& place) {
  return {place.begin.line, place.begin.column};
}

/// In the order of the file.
std::vector<const toml::key*> unknown_keys(const toml::table& table,
                                           const std::vector<std::string>& all_known) {
  const std::set<std::string_view> known{all_known.begin(), all_known.end()};
  std::vector<const toml::key*> unknown;
  for (const auto& [key, node] : table)
    if (!known.contains(key.str())) unknown.push_back(&key);
  std::ranges::sort(unknown, {}, [](const toml::key* key) { return order_of(key->source()); });
  return unknown;
}

} // namespace

bool fault_list::keeps(const toml::source_region& place) const {
  return !last_ || order_of(place) < *last_;
}

void fault_list::add(const toml::source_region& place, std::string message) {
  ++size_;
  if (!keeps(place)) return;
  faults_.push_back({file_, place.begin.line, place.begin.column, std::move(message)});
  // Sorted now and then: each time as many again have come.
  if (faults_.size() >= 2 * domain::fault_list::kept_max) keep_the_first();
}

void fault_list::keep_the_first() {
  std::ranges::stable_sort(faults_, [](const fault& a, const fault& b) {
    return std::pair{a.line, a.column} < std::pair{b.line, b.column};
  });
  if (faults_.size() < domain::fault_list::kept_max) return;
  faults_.resize(domain::fault_list::kept_max);
  last_ = {faults_.back().line, faults_.back().column};
}

std::vector<fault> fault_list::take() {
  keep_the_first();
  return std::move(faults_);
}

table_reader::table_reader(const toml::table& table, std::string what, fault_list& faults)
    : table_(table), what_(std::move(what)), faults_(faults) {}

const toml::node* table_reader::find(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

const toml::source_region& table_reader::place(std::string_view key) const {
  const auto* node = table_.get(key);
  return node ? node->source() : table_.source();
}

void table_reader::fail(std::string_view key, const std::string& message) {
  known_.emplace_back(key);
  faults_.add(place(key), what_ + ": `" + std::string{key} + "` " + message);
}

void table_reader::fail_absent(std::string_view key, const std::string& message,
                               std::initializer_list<std::string_view> others) {
  known_.emplace_back(key);
  absent_.push_back({what_ + ": `" + std::string{key} + "` " + message, {std::string{key}}});
  absent_.back().keys.insert(absent_.back().keys.end(), others.begin(), others.end());
}

void table_reader::require(valued_key low, key_order so, valued_key high, std::int64_t scale) {
  const bool is_below = so == key_order::below;
  if (is_below ? low.value < high.value : low.value <= high.value) return;
  const auto text = [&](std::int64_t value) {
    return shown(static_cast<double>(value) / static_cast<double>(scale));
  };
  faults_.add(place(has(low.key) ? low.key : high.key),
              what_ + ": `" + low.key + "` is " + text(low.value) + ": allowed is " +
                  (is_below ? "below" : "at most") + " `" + high.key + "`, " + text(high.value));
}

std::string table_reader::required_id(std::string_view key) {
  const auto* node = find(key);
  const std::string allowed = "allowed are 1 to 64 letters, digits, '-', '_', '.', ':'";
  if (!node) {
    fail_absent(key, "is missing: " + allowed);
    return {};
  }
  const auto value = node->value_exact<std::string>();
  if (value && is_id(*value)) return *value;
  fail(key, "is " + shown(*node) + ": " + allowed);
  return {};
}

std::optional<std::string> table_reader::text(std::string_view key, std::size_t bytes_max) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  auto value = node->value_exact<std::string>();
  if (value && value->size() <= bytes_max) return value;
  fail(key, "is " + shown(*node) + ": allowed is a text of at most " + std::to_string(bytes_max) +
                " bytes");
  return std::nullopt;
}

std::optional<std::string> table_reader::choice(std::string_view key,
                                                const std::vector<std::string>& allowed) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  auto value = node->value_exact<std::string>();
  if (value && std::ranges::find(allowed, *value) != allowed.end()) return value;
  std::string list;
  for (const auto& one : allowed) list += (list.empty() ? "" : ", ") + one;
  const auto meant = value ? text::did_you_mean(*value, allowed) : std::string{};
  fail(key, "is " + shown(*node) + ": allowed are " + list + meant);
  return std::nullopt;
}

std::optional<std::int64_t> table_reader::integer(std::string_view key, range allowed) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  const auto value = node->value_exact<std::int64_t>();
  const auto is_inside = [&](std::int64_t number) {
    return static_cast<double>(number) >= allowed.low &&
           static_cast<double>(number) <= allowed.high;
  };
  if (value && is_inside(*value)) return value;
  fail(key, "is " + shown(*node) + quoted_number(*node) + ": allowed is a whole number, " +
                allowed_text(allowed));
  return std::nullopt;
}

std::optional<bool> table_reader::boolean(std::string_view key) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  const auto value = node->value_exact<bool>();
  if (!value) fail(key, "is " + shown(*node) + ": allowed are true, false");
  return value;
}

std::optional<std::int64_t> table_reader::scaled(std::string_view key, const toml::node& node,
                                                 range allowed, std::int64_t scale) {
  const auto refuse = [&](const std::string& why) -> std::optional<std::int64_t> {
    faults_.add(node.source(),
                what_ + ": `" + std::string{key} + "` is " + shown(node) + quoted_number(node) +
                    ": " + why);
    return std::nullopt;
  };
  const auto number = node.is_number() ? node.value<double>() : std::nullopt;
  if (!number || !std::isfinite(*number) || *number < allowed.low || *number > allowed.high)
    return refuse("allowed is " + allowed_text(allowed));
  const double exact = *number * static_cast<double>(scale);
  const double whole = std::round(exact);
  if (std::abs(exact - whole) > 1e-3)
    return refuse("finer than 1/" + std::to_string(scale) + " " + allowed.unit);
  return static_cast<std::int64_t>(whole);
}

std::optional<std::int64_t> table_reader::thousandths(std::string_view key, range allowed) {
  const auto* node = find(key);
  return node ? scaled(key, *node, allowed, 1'000) : std::nullopt;
}

std::optional<std::int64_t> table_reader::millionths(std::string_view key, range allowed) {
  const auto* node = find(key);
  return node ? scaled(key, *node, allowed, 1'000'000) : std::nullopt;
}

std::optional<std::array<std::int64_t, 3>>
table_reader::per_line_thousandths(std::string_view key, range allowed) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  const auto* three = node->as_array();
  if (!three) {
    const auto one = scaled(key, *node, allowed, 1'000);
    return one ? std::optional{std::array{*one, *one, *one}} : std::nullopt;
  }
  if (three->size() != 3) {
    fail(key, "has " + std::to_string(three->size()) + " numbers: allowed are one or three");
    return std::nullopt;
  }
  std::array<std::int64_t, 3> values{};
  for (std::size_t place = 0; place < 3; ++place) {
    const auto value = scaled(key, *three->get(place), allowed, 1'000);
    if (!value) return std::nullopt;
    values[place] = *value;
  }
  return values;
}

std::optional<std::vector<std::string>>
table_reader::choices(std::string_view key, const std::vector<std::string>& names,
                      std::size_t least, const std::string& allowed) {
  const auto* node = find(key);
  if (!node) return std::nullopt;
  const auto* list = node->as_array();
  if (!list || list->size() < least || list->size() > names.size()) {
    fail(key, "is " + shown(*node) + ": " + allowed);
    return std::nullopt;
  }
  std::vector<std::string> found;
  for (const auto& one : *list) {
    const auto name = one.value_exact<std::string>().value_or("");
    const bool is_allowed = std::ranges::find(names, name) != names.end();
    if (!is_allowed || std::ranges::find(found, name) != found.end()) {
      faults_.add(one.source(),
                  what_ + ": `" + std::string{key} + "` has " + shown(one) + ": " + allowed);
      return std::nullopt;
    }
    found.push_back(name);
  }
  return found;
}

std::optional<std::vector<domain::line>> lines_in(table_reader& reader, std::string_view key) {
  std::vector<std::string> names;
  for (const auto each : domain::all_lines) names.emplace_back(domain::name_of(each));
  const auto stated = reader.choices(
      key, names, 1, R"(allowed are 1 to 3 different ones of "L1", "L2", "L3")");
  if (!stated) return std::nullopt;
  std::vector<domain::line> found;
  for (const auto& name : *stated)
    found.push_back(*std::ranges::find_if(
        domain::all_lines, [&](domain::line each) { return name == domain::name_of(each); }));
  return found;
}

const toml::table* table_reader::table(std::string_view key) {
  const auto* node = find(key);
  if (!node) return nullptr;
  if (!node->is_table()) fail(key, "is " + shown(*node) + ": allowed is a table");
  return node->as_table();
}

std::vector<const toml::table*> table_reader::tables(std::string_view key) {
  std::vector<const toml::table*> found;
  const auto* node = find(key);
  if (!node) return found;
  const auto* list = node->as_array();
  if (!list || !list->is_homogeneous(toml::node_type::table)) {
    if (!list || !list->empty()) fail(key, "is " + shown(*node) + ": allowed is a list of tables");
    return found;
  }
  for (const auto& one : *list) found.push_back(one.as_table());
  return found;
}

void table_reader::finish() {
  std::set<std::string, std::less<>> meant;
  for (const auto* key : unknown_keys(table_, known_)) {
    text::nearest_name nearest{key->str()};
    // What does not stand needs no suggestion: they cost most of a file of many faults.
    if (faults_.keeps(key->source()))
      for (const auto& each : known_) nearest.offer(each);
    meant.emplace(nearest.found());
    faults_.add(key->source(), what_ + ": unknown field `" + std::string{key->str()} + "`" +
                                   nearest.text());
  }
  const auto is_meant = [&](const std::string& key) { return meant.contains(key); };
  for (const auto& each : absent_)
    if (std::ranges::none_of(each.keys, is_meant)) faults_.add(table_.source(), each.message);
}

} // namespace busbar::adapters::config
