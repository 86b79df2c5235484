#include "adapters/ocpp/gateway/tag_book.hpp"

#include "domain/time_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <optional>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

using control::sessions::concurrent_transactions_max;
using control::sessions::id_tag;
using control::sessions::is_tag;
using control::sessions::tag_key;
using domain::errc;
using domain::error;

constexpr std::string_view head = "tag,status,expires,parent,group,concurrent,notes";
/// What files without groups began with, if with anything.
constexpr std::string_view short_head = "tag,status,expires,parent,notes";

/// Up to the next comma, which is taken away; the rest where there is none.
std::string_view next_part(std::string_view& rest) {
  const auto comma = rest.find(',');
  const auto part = rest.substr(0, comma);
  rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
  return part;
}

std::string not_a_tag(std::string_view what, std::string_view text) {
  return std::string{what} + " '" + std::string{text.substr(0, 40)} +
         "': allowed are 1 to 20 printable ASCII characters without blanks and commas";
}

std::string fault_of(const id_tag& tag) {
  if (!is_tag(tag.tag)) return not_a_tag("tag", tag.tag);
  if (!tag.parent.empty() && !is_tag(tag.parent)) return not_a_tag("parent", tag.parent);
  if (!tag.group.empty() && !is_tag(tag.group)) return not_a_tag("group", tag.group);
  if (tag.concurrent_max > concurrent_transactions_max)
    return "concurrent " + std::to_string(tag.concurrent_max) + ": allowed are 1 to 1000";
  const bool is_line = std::ranges::none_of(tag.notes, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (!is_line || tag.notes.size() > tag_notes_bytes_max)
    return "notes: allowed are at most 200 bytes without control characters";
  return {};
}

/// Absent where it is not a number of the range.
std::optional<std::uint32_t> concurrent_in(std::string_view text) {
  std::uint32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  const bool is_number = fault == std::errc{} && stop == end && number > 0;
  return is_number && number <= concurrent_transactions_max ? std::optional{number} : std::nullopt;
}

/// Group and concurrent use, where the file has them.
void read_bounds(std::string_view& line, id_tag& made, std::string& why) {
  made.group = next_part(line);
  const auto concurrent = next_part(line);
  if (concurrent.empty()) return;
  const auto number = concurrent_in(concurrent);
  made.concurrent_max = number.value_or(0);
  if (!number)
    why = "concurrent '" + std::string{concurrent.substr(0, 40)} + "': allowed are 1 to 1000";
}

/// Nothing, and what is wrong with it in `why`.
std::optional<id_tag> tag_in(std::string_view line, bool has_bounds, std::string& why) {
  id_tag made;
  made.tag = next_part(line);
  const auto status = next_part(line);
  const auto expires = next_part(line);
  made.parent = next_part(line);
  if (has_bounds) read_bounds(line, made, why);
  made.notes = line;
  made.is_blocked = status == "Blocked";
  if (!status.empty() && status != "Accepted" && status != "Blocked")
    why = "status '" + std::string{status.substr(0, 40)} + "': allowed are Accepted, Blocked";
  if (!expires.empty()) {
    made.expires_at = domain::instant_from(expires);
    if (!made.expires_at)
      why = "expires '" + std::string{expires.substr(0, 40)} +
            "': allowed is a time such as 2027-01-01T00:00:00Z";
  }
  if (why.empty()) why = fault_of(made);
  return why.empty() ? std::optional{std::move(made)} : std::nullopt;
}

std::string line_of(const id_tag& tag) {
  const auto expires =
      tag.expires_at
          ? domain::text_of(std::chrono::floor<std::chrono::seconds>(*tag.expires_at))
          : std::string{};
  const auto concurrent =
      tag.concurrent_max > 0 ? std::to_string(tag.concurrent_max) : std::string{};
  return tag.tag + (tag.is_blocked ? ",Blocked," : ",Accepted,") + expires + "," + tag.parent +
         "," + tag.group + "," + concurrent + "," + tag.notes + "\n";
}

error unavailable(const std::string& path, const char* what) {
  return {errc::unavailable, path + ": " + what};
}

/// On the disk before it takes the place of the one before.
domain::result<void> replace(const std::string& path, const std::string& text) {
  const auto next = path + ".new";
  const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return unavailable(next, "cannot be written");
  const auto written = ::write(file, text.data(), text.size());
  const bool is_kept = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!is_kept) return unavailable(next, "cannot be written");
  if (std::rename(next.c_str(), path.c_str()) != 0) return unavailable(path, "cannot be replaced");
  return {};
}

} // namespace

domain::result<tag_book> tag_book::read(const std::string& path) {
  tag_book made;
  made.path_ = path;
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return made;
  if (!S_ISREG(about.st_mode))
    return unavailable(path, "cannot be read: allowed is a regular file");
  std::ifstream in{path};
  if (!in) return unavailable(path, "cannot be read");
  std::string line;
  bool has_bounds = false;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1) has_bounds = line == head;
    if (line.empty() || (number == 1 && (has_bounds || line == short_head))) continue;
    std::string why;
    auto tag = tag_in(line, has_bounds, why);
    if (!tag)
      return error{errc::malformed, path + ":" + std::to_string(number) + ": " + why};
    if (made.tags_.size() >= tags_max)
      return error{errc::full, path + ": allowed are at most 100000 tags"};
    auto key = tag_key(tag->tag);
    if (!made.tags_.try_emplace(std::move(key), *tag).second)
      return error{errc::duplicate, path + ":" + std::to_string(number) + ": tag '" + tag->tag +
                                        "' is there already"};
  }
  return made;
}

const tag_book::tag_type* tag_book::find(std::string_view tag) const {
  const auto found = tags_.find(tag_key(tag));
  return found == tags_.end() ? nullptr : &found->second;
}

domain::result<void> tag_book::keep(std::map<std::string, tag_type> next) {
  std::string text{head};
  text += '\n';
  for (const auto& [key, tag] : next) text += line_of(tag);
  if (!path_.empty())
    if (auto done = replace(path_, text); !done) return done;
  tags_ = std::move(next);
  return {};
}

domain::result<void> tag_book::put(tag_type tag) {
  if (auto why = fault_of(tag); !why.empty()) return error{errc::out_of_range, why};
  auto next = tags_;
  next[tag_key(tag.tag)] = std::move(tag);
  if (next.size() > tags_max) return error{errc::full, "allowed are at most 100000 tags"};
  return keep(std::move(next));
}

domain::result<void> tag_book::remove(std::string_view tag) {
  auto next = tags_;
  if (next.erase(tag_key(tag)) == 0)
    return error{errc::unknown_reference, "tag '" + std::string{tag} + "' is not listed"};
  return keep(std::move(next));
}

} // namespace busbar::adapters::ocpp::gateway
