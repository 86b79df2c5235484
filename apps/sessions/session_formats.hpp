#pragma once
// The readers of single formats, behind `read_recorded_file`.

#include "apps/sessions/recorded_file.hpp"

namespace busbar::apps {

/// The ACN CSV or EPFL's: the one most of whose columns the header has.
[[nodiscard]] recorded_file read_session_csv(const std::string& path, const std::string& text);

/// An answer of ACN-Data's interface ({"_items": [...]}), or the list alone.
[[nodiscard]] recorded_file read_acn_json(const std::string& path, const std::string& text);

} // namespace busbar::apps
