#pragma once
// KEEP-3: what the parts of a site remember, as bytes. A part lists its fields once, in
// `each_kept(self, visit)`, for both directions: `part_writer` and `part_reader` visit the same
// fields in the same order. Instants are kept as differences to a base, so that those of the last
// seconds take three bytes.

#include "domain/byte_stream.hpp"
#include "domain/ids.hpp"
#include "domain/line_set.hpp"
#include "domain/maybe.hpp"
#include "domain/reason.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "domain/violation.hpp"

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace busbar::site {

/// The fields of plain values that parts remember.
template <class Value> struct kept_fields;
template <> struct kept_fields<domain::reading> {
  static void each(auto& it, auto& visit) {
    visit(it.measured_at, it.connector, it.current_ma, it.power_w, it.voltage_mv, it.energy_wh,
          it.temperature_mc, it.soc_permille, it.state, it.has_soc, it.has_temperature, it.obeyed);
  }
};
template <> struct kept_fields<domain::meter_reading> {
  static void each(auto& it, auto& visit) {
    visit(it.measured_at, it.node, it.current_ma, it.power_w, it.voltage_mv, it.frequency_mhz,
          it.power_factor_permille);
  }
};
template <> struct kept_fields<domain::reason> {
  static void each(auto& it, auto& visit) {
    visit(it.which, it.node, it.line, it.source, it.place, it.turn_by, it.rests_until,
          it.switches_until, it.is_kept);
  }
};
template <> struct kept_fields<domain::limit> {
  static void each(auto& it, auto& visit) { visit(it.source, it.current, it.power); }
};
template <> struct kept_fields<domain::violation> {
  static void each(auto& it, auto& visit) {
    visit(it.subject, it.what, it.level, it.since, it.measured, it.allowed, it.unit);
  }
};

namespace kept {

template <class Value>
concept listed = requires { sizeof(kept_fields<Value>); };
template <class Value>
concept counted = std::is_trivially_copyable_v<Value> && requires(const Value& value) {
  { value.count() } -> std::convertible_to<std::int64_t>;
} && requires { Value{std::int64_t{}}; };
template <class Value>
concept placed = requires(const Value& value) {
  { value.value() } -> std::same_as<std::uint32_t>;
};
template <class Value>
concept named = requires(const Value& value) {
  { value.text() } -> std::convertible_to<std::string>;
};
template <class Value>
concept plain = std::integral<Value> || std::is_enum_v<Value> || counted<Value> || placed<Value>;
/// A 128-bit number is an integer only in GNU's own mode.
template <class Value>
concept wide_number =
    !std::integral<Value> && sizeof(Value) == 16 && requires(Value value) { value >> 64; };

template <plain Value> std::int64_t number_of(const Value& value) {
  if constexpr (counted<Value>) return value.count();
  else if constexpr (placed<Value>) return value.value();
  else return static_cast<std::int64_t>(value);
}
template <plain Value> Value from_number(std::int64_t number) {
  if constexpr (counted<Value>) return Value{number};
  else if constexpr (placed<Value>) return Value{static_cast<std::uint32_t>(number)};
  else return static_cast<Value>(number);
}

/// Parts without a default are made so before they are read.
template <class Value> Value blank() {
  if constexpr (std::is_default_constructible_v<Value>) return Value{};
  else if constexpr (std::is_constructible_v<Value, domain::instant>)
    return Value{domain::instant{}};
  else return Value{std::size_t{1}};
}

} // namespace kept

class part_writer {
public:
  part_writer(std::vector<std::uint8_t>& to, domain::instant base) : out_(to), base_(base) {}

  template <class... Fields> void operator()(const Fields&... fields) { (put(fields), ...); }
  /// As many as the site has of them.
  template <class Row> void rows(const std::vector<Row>& rows) {
    for (const auto& row : rows) put(static_cast<const Row&>(row));
  }
  /// What must hold of what was read.
  void require(bool) {}

private:
  template <kept::plain Value> void put(const Value& value) {
    out_.put_signed(kept::number_of(value));
  }
  template <kept::wide_number Value> void put(const Value& value) {
    out_.put_unsigned(static_cast<std::uint64_t>(value));
    out_.put_signed(static_cast<std::int64_t>(value >> 64));
  }
  template <kept::named Value> void put(const Value& value) { out_.put_text(value.text()); }
  template <kept::listed Value> void put(const Value& value) {
    kept_fields<Value>::each(value, *this);
  }
  template <class Value>
    requires requires(const Value& value, part_writer& to) { Value::each_kept(value, to); }
  void put(const Value& value) {
    Value::each_kept(value, *this);
  }
  void put(domain::line_set lines) { out_.put_byte(lines.bits()); }
  void put(const std::string& text) { out_.put_text(text); }
  void put(domain::instant at) {
    const bool is_none = at == domain::instant{};
    out_.put_byte(is_none ? 0 : 1);
    if (!is_none) out_.put_signed((at - base_).count());
  }
  template <class Value> void put(const std::optional<Value>& value) {
    out_.put_byte(value.has_value() ? 1 : 0);
    if (value) put(*value);
  }
  template <class Value> void put(const domain::maybe<Value>& value) {
    put(std::optional<Value>{value});
  }
  template <class Value> void put(const std::unique_ptr<Value>& value) {
    out_.put_byte(value ? 1 : 0);
    if (value) put(*value);
  }
  template <class Value, std::size_t size> void put(const std::array<Value, size>& all) {
    for (const auto& each : all) put(each);
  }
  template <class Value> void put(const std::vector<Value>& all) {
    out_.put_unsigned(all.size());
    for (const auto& each : all) put(static_cast<const Value&>(each));
  }

  domain::stream_writer out_;
  domain::instant base_;
};

/// Bytes that end early, or that make no sense, read as zeros and `has_failed`.
class part_reader {
public:
  part_reader(std::span<const std::uint8_t> from, domain::instant base)
      : in_(from), base_(base) {}

  template <class... Fields> void operator()(Fields&... fields) { (take(fields), ...); }
  template <class Row> void rows(std::vector<Row>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) take_row(rows, i);
  }
  void require(bool holds) {
    if (!holds) in_.refuse();
  }
  [[nodiscard]] bool has_failed() const { return in_.has_failed(); }

private:
  template <class Row> void take_row(std::vector<Row>& rows, std::size_t place) {
    if constexpr (std::is_same_v<Row, bool>) rows[place] = in_.signed_number() != 0;
    else take(rows[place]);
  }
  template <kept::plain Value> void take(Value& value) {
    value = kept::from_number<Value>(in_.signed_number());
  }
  template <kept::wide_number Value> void take(Value& value) {
    const auto low = in_.number();
    value = (static_cast<Value>(in_.signed_number()) << 64) | low;
  }
  template <kept::named Value> void take(Value& value) { value = Value{in_.text()}; }
  template <kept::listed Value> void take(Value& value) {
    kept_fields<Value>::each(value, *this);
  }
  template <class Value>
    requires requires(Value& value, part_reader& from) { Value::each_kept(value, from); }
  void take(Value& value) {
    Value::each_kept(value, *this);
  }
  void take(domain::line_set& lines) {
    const auto bits = in_.byte();
    require(bits <= domain::line_set::all().bits());
    if (!has_failed()) lines = domain::line_set::of_bits(bits);
  }
  void take(std::string& text) { text = in_.text(); }
  void take(domain::instant& at) {
    at = in_.byte() == 0 ? domain::instant{}
                         : base_ + domain::microseconds{in_.signed_number()};
  }
  template <class Value> void take(std::optional<Value>& value) {
    value.reset();
    if (in_.byte() != 0) take(value.emplace(kept::blank<Value>()));
  }
  template <class Value> void take(domain::maybe<Value>& value) {
    std::optional<Value> plain;
    take(plain);
    require(!plain || domain::maybe<Value>::can_hold(*plain));
    value = has_failed() ? std::nullopt : plain;
  }
  template <class Value> void take(std::unique_ptr<Value>& value) {
    value.reset();
    if (in_.byte() == 0) return;
    value = std::make_unique<Value>(kept::blank<Value>());
    take(*value);
  }
  template <class Value, std::size_t size> void take(std::array<Value, size>& all) {
    for (auto& each : all) take(each);
  }
  template <class Value> void take(std::vector<Value>& all) {
    all.clear();
    all.resize(in_.count());
    for (std::size_t i = 0; i < all.size(); ++i) take_row(all, i);
  }

  domain::stream_reader in_;
  domain::instant base_;
};

} // namespace busbar::site
