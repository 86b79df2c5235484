#pragma once
// How bad input travels: as a value. Exceptions do not cross a layer.

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace busbar::domain {

/// Every kind of refusal. Names are stable: metrics and dead letters carry them.
enum class errc : std::uint8_t {
  unspecified = 0,
  /// bytes that are not of the announced format (truncated, failed verification)
  malformed,
  /// the format is right, its identifier or version is not one that is read here
  wrong_identifier,
  /// a field outside its stated range
  out_of_range,
  /// a field that must be there is absent
  missing_field,
  /// a field or member that the format does not know
  unknown_field,
  /// a reference to a site, node, station, connector, session or driver that does not exist
  unknown_reference,
  /// larger than the stated bound
  too_large,
  /// a bounded queue or table is full
  full,
  /// made for another topology of the site than the one in force
  wrong_topology,
  /// a command of an older epoch or sequence than one already seen
  stale,
  /// refused because a rule of control forbids it
  unsafe,
  /// already there
  duplicate,
  /// the thing asked for is not in a state that allows it
  conflict,
  /// the other side did not answer in time
  timeout,
  /// a dependency (broker, file, socket, database) failed
  unavailable,
  /// not allowed here by a setting
  forbidden,
};

/// The stable text of `code`, as in metrics: "out_of_range".
[[nodiscard]] const char* name_of(errc code);

/// What went wrong: `code` for a program, `message` (where, value, what is allowed) for a person.
struct error {
  errc code = errc::unspecified;
  std::string message;
};

/// A `Value` or the `error` that stands in its place.
template <class Value> class [[nodiscard]] result {
public:
  result(Value value) : state_(std::move(value)) {}
  result(error failure) : state_(std::move(failure)) {}
  [[nodiscard]] bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }
  /// REQUIRES: has_value().
  [[nodiscard]] Value& value() {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] const Value& value() const {
    assert(has_value());
    return *std::get_if<0>(&state_);
  }
  /// REQUIRES: !has_value().
  [[nodiscard]] const error& failure() const {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

private:
  std::variant<Value, error> state_;
};

template <> class [[nodiscard]] result<void> {
public:
  result() = default;
  result(error failure) : failure_(std::move(failure)) {}
  [[nodiscard]] bool has_value() const { return !failure_.has_value(); }
  explicit operator bool() const { return has_value(); }
  [[nodiscard]] const error& failure() const {
    assert(failure_);
    return *failure_;
  }

private:
  std::optional<error> failure_;
};

} // namespace busbar::domain
