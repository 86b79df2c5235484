#pragma once
// Names of things. A text id is what people and protocols say; an index is the place of that thing
// in its site file (0-based, file order) and is what tables and batches use.

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace busbar::domain {

/// A text id that cannot be mistaken for another kind of id. At most 64 bytes (site loader).
template <class Tag> class text_id {
public:
  text_id() = default;
  explicit text_id(std::string text) : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_empty() const { return text_.empty(); }
  auto operator<=>(const text_id&) const = default;

private:
  std::string text_;
};

using site_id = text_id<struct site_tag>;
using node_id = text_id<struct node_tag>;
using station_id = text_id<struct station_tag>;
using connector_id = text_id<struct connector_tag>;
using driver_id = text_id<struct driver_tag>;
using session_id = text_id<struct session_tag>;
using request_id = text_id<struct request_tag>;

/// A place in a table of its own kind.
template <class Tag> class table_index {
public:
  constexpr table_index() = default;
  constexpr explicit table_index(std::uint32_t value) : value_(value) {}
  constexpr explicit table_index(std::size_t value) : value_(static_cast<std::uint32_t>(value)) {}
  [[nodiscard]] constexpr std::uint32_t value() const { return value_; }
  constexpr auto operator<=>(const table_index&) const = default;

private:
  std::uint32_t value_ = 0;
};

using node_index = table_index<struct node_tag>;
using station_index = table_index<struct station_tag>;
using connector_index = table_index<struct connector_tag>;

/// Grows by one at every change of owner of a site's partition (OWN-1).
using epoch = std::uint64_t;
/// Grows by one with every command to a connector; an acknowledgement names it.
using sequence = std::uint64_t;

} // namespace busbar::domain

template <class Tag> struct std::hash<busbar::domain::text_id<Tag>> {
  std::size_t operator()(const busbar::domain::text_id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
