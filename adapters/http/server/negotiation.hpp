#pragma once
// What a client already has and what it can unpack: entity tags (RFC 9110, 8.8.3 and 13.1.2) and
// gzip (8.4.1, 12.5.3). An answer is finished here, after its handler and before it is written.

#include "adapters/http/server/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace busbar::adapters::http::server {

/// A body of at least so many bytes is worth packing.
inline constexpr std::size_t packed_bytes_min = 1'024;

/// FNV-1a of the bytes, quoted: names a version, guards nothing.
[[nodiscard]] std::string entity_tag(std::string_view bytes);

/// Whether If-None-Match names `tag` or is "*"; weak and strong tags are the same here.
[[nodiscard]] bool has_version(std::string_view if_none_match, std::string_view tag);

/// Whether Accept-Encoding takes gzip: named, or by "*", with a weight above 0.
[[nodiscard]] bool takes_gzip(std::string_view accept_encoding);

/// `bytes` in gzip's format; empty where zlib has no memory for it.
[[nodiscard]] std::string gzipped(std::string_view bytes);

/// JSON that was asked for by GET gets a weak tag, and is answered 304 where the client has that
/// version. A body of `packed_bytes_min` or more is packed for a client that takes gzip; streams,
/// pictures and what is packed already are not. What could be packed says Vary.
[[nodiscard]] response negotiated(response answer, const request& asked);

} // namespace busbar::adapters::http::server
