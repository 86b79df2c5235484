#pragma once
// A value as its difference to the one before of the same thing: a bit for each field that is
// another, then those fields. Numbers are kept as differences, texts and lists whole where they
// differ. Bytes of a list of bytes are kept as they are.

#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "recording/byte_stream.hpp"
#include "recording/field_lists.hpp"

#include <array>
#include <bit>
#include <cassert>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace busbar::recording {

/// Profile orders and station reports, which few records carry, as the log's own bytes.
[[nodiscard]] std::vector<std::uint8_t> bytes_of(const domain::shared_profile_order& order);
[[nodiscard]] bool read_order(std::span<const std::uint8_t> bytes, domain::shared_profile_order& to);
[[nodiscard]] std::vector<std::uint8_t> bytes_of(const domain::shared_station_report& report);
[[nodiscard]] bool read_report(std::span<const std::uint8_t> bytes,
                               domain::shared_station_report& to);

// -- numbers and their like ----------------------------------------------------------------------

template <class Value>
concept whole_number = std::integral<Value> || std::is_enum_v<Value>;

template <whole_number Value> constexpr std::int64_t number_of(Value value) {
  return static_cast<std::int64_t>(value);
}
template <class Unit> constexpr std::int64_t number_of(domain::quantity<Unit> value) {
  return value.count();
}
template <class Tag> constexpr std::int64_t number_of(domain::table_index<Tag> value) {
  return value.value();
}
template <class Rep, class Period>
constexpr std::int64_t number_of(std::chrono::duration<Rep, Period> value) {
  return value.count();
}
constexpr std::int64_t number_of(domain::instant value) { return value.time_since_epoch().count(); }

template <class Value>
concept number_like = requires(const Value& value) { number_of(value); };

template <number_like Value> Value number_as(std::int64_t number) {
  if constexpr (whole_number<Value>) return static_cast<Value>(number);
  else if constexpr (std::is_same_v<Value, domain::instant>)
    return domain::instant{domain::microseconds{number}};
  else if constexpr (requires { Value{std::uint32_t{}}.value(); })
    return Value{static_cast<std::uint32_t>(number)};
  else return Value{number};
}

// -- writing -------------------------------------------------------------------------------------

template <number_like Value>
void put(byte_writer& out, const Value& now, const Value& before) {
  out.put_signed(static_cast<std::int64_t>(static_cast<std::uint64_t>(number_of(now)) -
                                           static_cast<std::uint64_t>(number_of(before))));
}
inline void put(byte_writer& out, const std::string& now, const std::string&) {
  out.put_text(now);
}
template <class Tag>
void put(byte_writer& out, const domain::text_id<Tag>& now, const domain::text_id<Tag>&) {
  out.put_text(now.text());
}
inline void put(byte_writer& out, const std::vector<std::uint8_t>& now,
                const std::vector<std::uint8_t>&) {
  out.put_bytes(now);
}
inline void put(byte_writer& out, const domain::shared_profile_order& now,
                const domain::shared_profile_order&) {
  out.put_bytes(bytes_of(now));
}
inline void put(byte_writer& out, const domain::shared_station_report& now,
                const domain::shared_station_report&) {
  out.put_bytes(bytes_of(now));
}

template <class Value, std::size_t size>
void put(byte_writer& out, const std::array<Value, size>& now,
         const std::array<Value, size>& before);
template <class Value>
void put(byte_writer& out, const std::optional<Value>& now, const std::optional<Value>& before);
template <class Value>
void put(byte_writer& out, const domain::maybe<Value>& now, const domain::maybe<Value>& before);
template <class Value>
void put(byte_writer& out, const std::vector<Value>& now, const std::vector<Value>& before);
template <class... Values>
void put(byte_writer& out, const std::variant<Values...>& now,
         const std::variant<Values...>& before);

template <has_fields Value> void put(byte_writer& out, const Value& now, const Value& before) {
  std::uint64_t changed = 0;
  std::uint64_t bit = 1;
  field_list<Value>::each([&](const char*, auto member) {
    if (!(now.*member == before.*member)) changed |= bit;
    bit <<= 1;
  });
  out.put_unsigned(changed);
  field_list<Value>::each([&](const char*, auto member) {
    if ((changed & 1) != 0) put(out, now.*member, before.*member);
    changed >>= 1;
  });
}

template <class Value, std::size_t size>
void put(byte_writer& out, const std::array<Value, size>& now,
         const std::array<Value, size>& before) {
  for (std::size_t i = 0; i < size; ++i) put(out, now[i], before[i]);
}

template <class Value>
void put(byte_writer& out, const std::optional<Value>& now, const std::optional<Value>& before) {
  out.put_byte(now.has_value());
  if (now) put(out, *now, before ? *before : Value{});
}

template <class Value>
void put(byte_writer& out, const domain::maybe<Value>& now, const domain::maybe<Value>& before) {
  put(out, std::optional<Value>(now), std::optional<Value>(before));
}

/// How many entries; then each that is another than the one at its place, with how many are passed
/// over before it.
template <class Value>
void put(byte_writer& out, const std::vector<Value>& now, const std::vector<Value>& before) {
  static const Value blank{};
  out.put_unsigned(now.size());
  std::size_t passed = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const auto& other = i < before.size() ? before[i] : blank;
    if (now[i] == other) {
      ++passed;
      continue;
    }
    out.put_unsigned(std::exchange(passed, 0));
    put(out, now[i], other);
  }
  out.put_unsigned(passed);
}

template <class... Values>
void put(byte_writer& out, const std::variant<Values...>& now,
         const std::variant<Values...>& before) {
  out.put_unsigned(now.index());
  std::visit(
      [&](const auto& value) {
        using type = std::decay_t<decltype(value)>;
        const auto* same = std::get_if<type>(&before);
        put(out, value, same ? *same : type{});
      },
      now);
}

// -- reading: `value` holds the one before and becomes the one now ---------------------------------

template <number_like Value> void take(byte_reader& in, Value& value) {
  value = number_as<Value>(
      static_cast<std::int64_t>(static_cast<std::uint64_t>(number_of(value)) +
                                static_cast<std::uint64_t>(in.signed_number())));
}
inline void take(byte_reader& in, std::string& value) { value = in.text(); }
template <class Tag> void take(byte_reader& in, domain::text_id<Tag>& value) {
  value = domain::text_id<Tag>{in.text()};
}
inline void take(byte_reader& in, std::vector<std::uint8_t>& value) {
  const auto bytes = in.bytes();
  value.assign(bytes.begin(), bytes.end());
}
inline void take(byte_reader& in, domain::shared_profile_order& value) {
  if (!read_order(in.bytes(), value)) in.refuse();
}
inline void take(byte_reader& in, domain::shared_station_report& value) {
  if (!read_report(in.bytes(), value)) in.refuse();
}

template <class Value, std::size_t size> void take(byte_reader& in, std::array<Value, size>& value);
template <class Value> void take(byte_reader& in, std::optional<Value>& value);
template <class Value> void take(byte_reader& in, domain::maybe<Value>& value);
template <class Value> void take(byte_reader& in, std::vector<Value>& value);
template <class... Values> void take(byte_reader& in, std::variant<Values...>& value);

template <has_fields Value> void take(byte_reader& in, Value& value) {
  auto changed = in.number();
  field_list<Value>::each([&](const char*, auto member) {
    if ((changed & 1) != 0) take(in, value.*member);
    changed >>= 1;
  });
  if (changed != 0) in.refuse();
}

template <class Value, std::size_t size>
void take(byte_reader& in, std::array<Value, size>& value) {
  for (auto& each : value) take(in, each);
}

template <class Value> void take(byte_reader& in, std::optional<Value>& value) {
  if (in.byte() == 0) return value.reset();
  if (!value) value.emplace();
  take(in, *value);
}

template <class Value> void take(byte_reader& in, domain::maybe<Value>& value) {
  std::optional<Value> plain = value;
  take(in, plain);
  if (plain && !domain::maybe<Value>::can_hold(*plain)) return in.refuse();
  value = domain::maybe<Value>{plain};
}

/// What a list of a recording holds at most (docs/bounds.md).
inline constexpr std::size_t entries_max = 200'000;

template <class Value> void take(byte_reader& in, std::vector<Value>& value) {
  const auto size = in.number();
  if (size > entries_max) return in.refuse();
  value.resize(static_cast<std::size_t>(size));
  for (std::size_t i = 0; !in.has_failed(); ++i) {
    i += static_cast<std::size_t>(std::min<std::uint64_t>(in.number(), size + 1));
    if (i == size) return;
    if (i > size) return in.refuse();
    take(in, value[i]);
  }
}

template <class... Values> void take(byte_reader& in, std::variant<Values...>& value) {
  const auto which = in.number();
  std::size_t at = 0;
  const auto try_one = [&]<class Type>(std::type_identity<Type>) {
    if (at++ != which) return;
    if (!std::holds_alternative<Type>(value)) value.template emplace<Type>();
    take(in, std::get<Type>(value));
  };
  (try_one(std::type_identity<Values>{}), ...);
  if (which >= at) in.refuse();
}

} // namespace busbar::recording
