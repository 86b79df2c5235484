#pragma once
// The page's files, built from this folder into the binary. The list is empty where the page was
// left out (-DBUSBAR_DASHBOARD=OFF). Everything lives as long as the process.

#include <span>
#include <string_view>

namespace busbar::dashboard {

struct asset {
  /// As requested: "/index.html", "/assets/index-3f2a.js". Names below /assets/ carry a hash of
  /// their content: they never change and may be cached for ever.
  std::string_view path;
  /// With its charset where it is text.
  std::string_view content_type;
  std::string_view bytes;
};

/// Sorted by path.
[[nodiscard]] std::span<const asset> assets();

} // namespace busbar::dashboard
