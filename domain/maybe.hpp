#pragma once
// A quantity or an instant that may be absent, in eight bytes. Used like std::optional, which takes
// sixteen: for tables with a row for each connector (the image, the planner's memory).
// Absent is kept as the smallest 64-bit number, which is outside every range of the house.

#include <cassert>
#include <cstdint>
#include <limits>
#include <optional>

namespace busbar::domain {

/// `Value`: a quantity or an instant.
template <class Value> class maybe {
public:
  constexpr maybe() = default;
  constexpr maybe(std::nullopt_t) {}
  /// REQUIRES: can_hold(value).
  constexpr maybe(Value value) : value_(value) { assert(can_hold(value)); }
  constexpr maybe(const std::optional<Value>& value) : maybe(value ? maybe(*value) : maybe()) {}

  /// Code that reads a value from outside checks first.
  [[nodiscard]] static constexpr bool can_hold(Value value) { return value != absent(); }

  [[nodiscard]] constexpr bool has_value() const { return value_ != absent(); }
  constexpr explicit operator bool() const { return has_value(); }
  constexpr operator std::optional<Value>() const {
    return has_value() ? std::optional<Value>{value_} : std::nullopt;
  }
  /// REQUIRES: has_value().
  constexpr const Value& operator*() const {
    assert(has_value());
    return value_;
  }
  constexpr const Value* operator->() const { return &**this; }
  [[nodiscard]] constexpr Value value_or(Value other) const { return has_value() ? value_ : other; }
  constexpr void reset() { value_ = absent(); }

  /// Absent comes before every value, as with std::optional.
  friend constexpr auto operator<=>(const maybe&, const maybe&) = default;

private:
  static constexpr Value absent() {
    if constexpr (requires { Value::min(); })
      return Value::min();
    else
      return Value{std::numeric_limits<std::int64_t>::min()};
  }

  Value value_ = absent();
};

} // namespace busbar::domain
