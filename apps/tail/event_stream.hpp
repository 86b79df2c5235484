#pragma once
// The bytes of `GET /api/v1/stream` taken apart, pure: feed what arrives, take what is complete.
// HTTP/1.1 (RFC 9112) with or without chunks; server-sent events as in the HTML standard.
// Bounds: a head of 16 kB, a line of 8 MB; beyond them the stream counts as broken.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::apps {

struct stream_event {
  /// "journal", "heartbeat"...; "message" where the stream names none.
  std::string name;
  std::string data;
};

/// Server-sent events out of text.
class event_parser {
public:
  /// The events that `text` completes.
  std::vector<stream_event> feed(std::string_view text);
  /// The newest id, to come back with; empty before the first.
  [[nodiscard]] const std::string& last_id() const { return last_id_; }

private:
  void take_line(std::string_view line, std::vector<stream_event>& done);

  std::string rest_;
  std::string name_;
  std::string data_;
  std::string last_id_;
};

/// One HTTP answer: its status, then its body as text.
class answer_parser {
public:
  /// The text of the body that `bytes` completes.
  std::string feed(std::string_view bytes);
  /// 0 before the head is complete.
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] bool is_broken() const { return is_broken_; }
  /// The last chunk has been seen.
  [[nodiscard]] bool is_complete() const { return is_complete_; }

private:
  bool take_head();
  std::string take_chunks();
  /// The size line of a chunk; nothing when it is not complete yet.
  std::optional<std::size_t> chunk_size();

  std::string rest_;
  std::size_t chunk_left_ = 0;
  int status_ = 0;
  bool is_chunked_ = false;
  bool is_in_chunk_ = false;
  bool is_broken_ = false;
  bool is_complete_ = false;
};

} // namespace busbar::apps
