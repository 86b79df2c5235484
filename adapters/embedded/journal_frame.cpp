#include "adapters/embedded/journal_frame.hpp"

#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>

namespace busbar::adapters::embedded {

namespace {

using bytes = std::vector<std::uint8_t>;

enum class frame_kind : std::uint8_t { unspecified = 0, record, tombstone, commit, end };
constexpr std::size_t head_bytes = 8;

template <class Number> void put(bytes& to, Number value) {
  auto left = static_cast<std::uint64_t>(value);
  for (std::size_t i = 0; i < sizeof(Number); ++i, left >>= 8)
    to.push_back(static_cast<std::uint8_t>(left & 0xff));
}

void put_text(bytes& to, std::string_view text) {
  put(to, static_cast<std::uint32_t>(text.size()));
  to.insert(to.end(), text.begin(), text.end());
}

void put_place(bytes& to, const ports::partition_id& place) {
  put_text(to, place.topic);
  put(to, place.partition);
}

void put_body(bytes& to, const ports::record& from) {
  put(to, from.value ? frame_kind::record : frame_kind::tombstone);
  put_place(to, from.place);
  put(to, from.offset);
  put(to, static_cast<std::int64_t>(from.written_at.time_since_epoch().count()));
  put_text(to, from.key);
  if (from.value) to.insert(to.end(), from.value->begin(), from.value->end());
}

void put_body(bytes& to, const kept_commit& from) {
  put(to, frame_kind::commit);
  put_place(to, from.place);
  put(to, from.next);
  put_text(to, from.group);
}

void put_body(bytes& to, const kept_end& from) {
  put(to, frame_kind::end);
  put_place(to, from.place);
  put(to, from.end);
}

/// Reads a body; once something does not fit, `is_whole` is false and all that follows is zero.
class body_reader {
public:
  explicit body_reader(std::string_view body) : left_(body) {}

  template <class Number> Number number() {
    if (left_.size() < sizeof(Number)) return is_whole = false, Number{};
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(Number); i > 0; --i)
      value = value << 8 | static_cast<std::uint8_t>(left_[i - 1]);
    left_.remove_prefix(sizeof(Number));
    return static_cast<Number>(value);
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (size > left_.size()) return is_whole = false, std::string{};
    std::string made{left_.substr(0, size)};
    left_.remove_prefix(size);
    return made;
  }
  ports::partition_id place() {
    auto topic = text();
    return {std::move(topic), number<std::int32_t>()};
  }
  std::string_view rest() { return std::exchange(left_, {}); }

  bool is_whole = true;

private:
  std::string_view left_;
};

ports::record record_in(body_reader& body, bool has_value) {
  ports::record made;
  made.place = body.place();
  made.offset = body.number<std::int64_t>();
  made.written_at = domain::instant{domain::microseconds{body.number<std::int64_t>()}};
  made.key = body.text();
  const auto value = body.rest();
  if (has_value) made.value = std::make_shared<const bytes>(value.begin(), value.end());
  return made;
}

std::optional<journal_entry> entry_in(std::string_view text) {
  body_reader body{text};
  std::optional<journal_entry> made;
  switch (static_cast<frame_kind>(body.number<std::uint8_t>())) {
  case frame_kind::record: made = record_in(body, true); break;
  case frame_kind::tombstone: made = record_in(body, false); break;
  case frame_kind::commit: {
    kept_commit commit;
    commit.place = body.place();
    commit.next = body.number<std::int64_t>();
    commit.group = body.text();
    made = std::move(commit);
    break;
  }
  case frame_kind::end: {
    kept_end end;
    end.place = body.place();
    end.end = body.number<std::int64_t>();
    made = std::move(end);
    break;
  }
  case frame_kind::unspecified: break;
  }
  return body.is_whole ? made : std::nullopt;
}

std::uint32_t sum_of(std::string_view body) {
  return static_cast<std::uint32_t>(::crc32(
      0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size())));
}

} // namespace

void put_frame(bytes& to, const journal_entry& entry) {
  bytes body;
  std::visit([&](const auto& from) { put_body(body, from); }, entry);
  put(to, static_cast<std::uint32_t>(body.size()));
  put(to, sum_of({reinterpret_cast<const char*>(body.data()), body.size()}));
  to.insert(to.end(), body.begin(), body.end());
}

std::optional<journal_entry> take_frame(const bytes& from, std::uint64_t& place) {
  const std::string_view whole{reinterpret_cast<const char*>(from.data()), from.size()};
  if (whole.size() - place < head_bytes) return std::nullopt;
  body_reader head{whole.substr(place, head_bytes)};
  const auto size = head.number<std::uint32_t>();
  const auto sum = head.number<std::uint32_t>();
  if (size > journal_frame_bytes_max || size > whole.size() - place - head_bytes)
    return std::nullopt;
  const auto body = whole.substr(place + head_bytes, size);
  if (sum_of(body) != sum) return std::nullopt;
  auto entry = entry_in(body);
  if (entry) place += head_bytes + size;
  return entry;
}

} // namespace busbar::adapters::embedded
