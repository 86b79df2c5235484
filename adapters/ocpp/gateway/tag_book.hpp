#pragma once
// The list of tags in a file of comma-separated values, one line a tag:
//
//   tag,status,expires,parent,group,concurrent,notes
//   04A2B3C4,Accepted,2027-01-01T00:00:00Z,FLEET,staff,1,the blue van
//
// `status` is Accepted or Blocked; what is empty or left out at the end is not stated; notes are
// the rest of the line. A file whose first line is not that one has neither group nor concurrent.
// Each change replaces the file as a whole. Not thread-safe.

#include "control/sessions/authorisation.hpp"
#include "domain/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace busbar::adapters::ocpp::gateway {

inline constexpr std::size_t tags_max = 100'000;
inline constexpr std::size_t tag_notes_bytes_max = 200;

class tag_book {
public:
  using tag_type = control::sessions::id_tag;

  /// Changes are kept nowhere.
  tag_book() = default;
  /// errc::unavailable where it cannot be read, errc::malformed with the line. A file that does not
  /// exist is an empty list.
  [[nodiscard]] static domain::result<tag_book> read(const std::string& path);

  /// Null: not listed.
  [[nodiscard]] const tag_type* find(std::string_view tag) const;
  /// By tag.
  [[nodiscard]] const std::map<std::string, tag_type>& all() const { return tags_; }
  /// In the place of the one before. errc::full, errc::out_of_range with the member;
  /// errc::unavailable where the file cannot be written: then nothing has changed.
  [[nodiscard]] domain::result<void> put(tag_type tag);
  /// errc::unknown_reference, errc::unavailable.
  [[nodiscard]] domain::result<void> remove(std::string_view tag);

private:
  [[nodiscard]] domain::result<void> keep(std::map<std::string, tag_type> next);

  /// Empty: none.
  std::string path_;
  /// By `tag_key`.
  std::map<std::string, tag_type> tags_;
};

} // namespace busbar::adapters::ocpp::gateway
