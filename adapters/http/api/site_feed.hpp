#pragma once
// One site's part of the stream: turns its snapshots into `site` and `site_delta` events, each made
// once and shared by every reader. Not thread-safe.

#include "adapters/http/server/stream_source.hpp"
#include "domain/site_view.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace busbar::adapters::http::api {

using server::shared_text;

/// "event: <name>\ndata: <json>\n\n"; with "id: <id>" where id is not 0.
[[nodiscard]] shared_text event_text(const std::string& name, const std::string& json,
                                     std::uint64_t id = 0);

class site_feed {
public:
  /// Takes the newest snapshot. The event to send to all readers; null where it is the one before.
  /// A whole `site` when it is the first, the topology changed or 30 s have passed since the last.
  [[nodiscard]] shared_text advance(std::shared_ptr<const domain::site_view> view);
  /// The newest snapshot as a whole `site` event, for a new reader; null before the first.
  [[nodiscard]] shared_text whole();

private:
  [[nodiscard]] bool needs_whole(const domain::site_view& next) const;

  std::shared_ptr<const domain::site_view> newest_;
  /// Made when the first reader needs it, dropped by the next snapshot.
  shared_text whole_;
  domain::instant last_whole_at_{};
  std::uint64_t number_ = 0;
};

} // namespace busbar::adapters::http::api
