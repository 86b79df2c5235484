#include "adapters/http/server/negotiation.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace busbar::adapters::http::server {

namespace {

/// Fast rather than small: an answer is packed once and read once.
constexpr int packing_level = 3;
/// zlib's largest window, with the head and the checksum of gzip.
constexpr int gzip_window_bits = 15 + 16;
constexpr int memory_level = 8;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The parts of a list, without the blanks around them.
template <class Visitor> void for_each_part(std::string_view list, char by, const Visitor& visit) {
  while (true) {
    const auto end = list.find(by);
    visit(trimmed(list.substr(0, end)));
    if (end == std::string_view::npos) return;
    list.remove_prefix(end + 1);
  }
}

bool is_named(std::string_view coding, std::string_view name) {
  return coding.size() == name.size() &&
         std::equal(coding.begin(), coding.end(), name.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

/// Whether the weight of "gzip;q=0.5" is above 0; a coding without one has 1.
bool has_weight(std::string_view part) {
  const auto semicolon = part.find(';');
  if (semicolon == std::string_view::npos) return true;
  const auto weight = trimmed(part.substr(semicolon + 1));
  if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return true;
  return weight.find_first_of("123456789") != std::string_view::npos;
}

std::string_view opaque(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

bool is_packable(const response& answer) {
  const std::string_view type = answer.content_type;
  return !answer.stream && (type.starts_with("text/") || type.find("json") != type.npos ||
                            type.find("javascript") != type.npos || type.find("svg") != type.npos);
}

const header* find_header(const response& answer, std::string_view name) {
  for (const header& each : answer.headers)
    if (each.name == name) return &each;
  return nullptr;
}

void put_header(response& answer, const std::string& name, std::string value) {
  std::erase_if(answer.headers, [&](const header& each) { return each.name == name; });
  answer.headers.push_back({name, std::move(value)});
}

void drop_body(response& answer) {
  answer.status = 304;
  answer.text = {};
  answer.fixed = {};
}

void tag(response& answer, const request& asked) {
  const bool is_json = answer.content_type == "application/json";
  if (asked.verb != method::get || answer.status != 200 || !is_json || answer.stream ||
      find_header(answer, "ETag") != nullptr)
    return;
  const auto version = "W/" + entity_tag(answer.body());
  put_header(answer, "ETag", version);
  // May be kept, and is asked for again each time.
  put_header(answer, "Cache-Control", "private, no-cache");
  if (has_version(asked.if_none_match, version)) drop_body(answer);
}

void pack(response& answer, const request& asked) {
  if (!is_packable(answer)) return;
  put_header(answer, "Vary", "Accept-Encoding");
  if (answer.body().size() < packed_bytes_min || !takes_gzip(asked.accept_encoding)) return;
  auto packed = gzipped(answer.body());
  if (packed.empty()) return;
  answer.text = std::move(packed);
  answer.fixed = {};
  put_header(answer, "Content-Encoding", "gzip");
  // The same version in other bytes: a strong tag would say that these are the plain ones.
  if (const auto* strong = find_header(answer, "ETag"))
    put_header(answer, "ETag", "W/" + std::string(opaque(strong->value)));
}

} // namespace

std::string entity_tag(std::string_view bytes) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;
  for (const char each : bytes)
    hash = (hash ^ static_cast<unsigned char>(each)) * 1'099'511'628'211ULL;
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text.data();
}

bool has_version(std::string_view if_none_match, std::string_view tag) {
  bool found = false;
  for_each_part(if_none_match, ',', [&](std::string_view each) {
    found = found || each == "*" || (!each.empty() && opaque(each) == opaque(tag));
  });
  return found;
}

bool takes_gzip(std::string_view accept_encoding) {
  std::optional<bool> by_name;
  bool by_star = false;
  for_each_part(accept_encoding, ',', [&](std::string_view each) {
    const auto coding = trimmed(each.substr(0, each.find(';')));
    if (is_named(coding, "gzip") || is_named(coding, "x-gzip")) by_name = has_weight(each);
    if (coding == "*") by_star = has_weight(each);
  });
  return by_name.value_or(by_star);
}

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, packing_level, Z_DEFLATED, gzip_window_bits, memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string packed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  // zlib reads from here and writes nothing to it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const bool is_done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  packed.resize(is_done ? stream.total_out : 0);
  packed.shrink_to_fit();
  deflateEnd(&stream);
  return packed;
}

response negotiated(response answer, const request& asked) {
  tag(answer, asked);
  pack(answer, asked);
  return answer;
}

} // namespace busbar::adapters::http::server
