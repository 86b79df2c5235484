#include "apps/tail/event_stream.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace busbar::apps {

namespace {

constexpr std::size_t head_bytes_max = 16'384;
constexpr std::size_t line_bytes_max = 8 * 1'048'576;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

} // namespace

std::vector<stream_event> event_parser::feed(std::string_view text) {
  std::vector<stream_event> done;
  rest_.append(text);
  std::size_t begin = 0;
  for (std::size_t end = rest_.find('\n'); end != std::string::npos;
       end = rest_.find('\n', begin)) {
    std::string_view line{rest_.data() + begin, end - begin};
    if (line.ends_with('\r')) line.remove_suffix(1);
    take_line(line, done);
    begin = end + 1;
  }
  rest_.erase(0, begin);
  if (rest_.size() > line_bytes_max) rest_.clear();
  return done;
}

void event_parser::take_line(std::string_view line, std::vector<stream_event>& done) {
  if (line.empty()) {
    if (!data_.empty())
      done.push_back({name_.empty() ? "message" : std::move(name_), std::move(data_)});
    name_.clear();
    data_.clear();
    return;
  }
  const std::size_t colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") name_ = value;
  if (field == "id") last_id_ = value;
  if (field != "data") return;
  if (!data_.empty()) data_ += '\n';
  data_ += value;
}

bool answer_parser::take_head() {
  const std::size_t end = rest_.find("\r\n\r\n");
  if (end == std::string::npos) {
    is_broken_ = rest_.size() > head_bytes_max;
    return false;
  }
  const std::string head = lower(rest_.substr(0, end + 2));
  rest_.erase(0, end + 4);
  is_chunked_ = head.find("\r\ntransfer-encoding: chunked\r\n") != std::string::npos;
  const bool is_http = head.starts_with("http/1.") && head.size() > 12;
  if (is_http) std::from_chars(head.data() + 9, head.data() + 12, status_);
  is_broken_ = status_ < 100;
  return !is_broken_;
}

std::string answer_parser::feed(std::string_view bytes) {
  if (is_broken_ || is_complete_) return {};
  rest_.append(bytes);
  if (status_ == 0 && !take_head()) return {};
  return is_chunked_ ? take_chunks() : std::exchange(rest_, {});
}

std::optional<std::size_t> answer_parser::chunk_size() {
  const std::size_t end = rest_.find("\r\n");
  if (end == std::string::npos) {
    is_broken_ = rest_.size() > head_bytes_max;
    return std::nullopt;
  }
  std::size_t size = 0;
  const auto read = std::from_chars(rest_.data(), rest_.data() + end, size, 16);
  is_broken_ = read.ec != std::errc{} || size > line_bytes_max;
  if (is_broken_) return std::nullopt;
  rest_.erase(0, end + 2);
  return size;
}

std::string answer_parser::take_chunks() {
  std::string body;
  while (true) {
    if (!is_in_chunk_) {
      const auto size = chunk_size();
      if (!size) return body;
      chunk_left_ = *size;
      is_in_chunk_ = true;
      is_complete_ = chunk_left_ == 0;
      if (is_complete_) return body;
    }
    const std::size_t taken = std::min(chunk_left_, rest_.size());
    body.append(rest_, 0, taken);
    rest_.erase(0, taken);
    chunk_left_ -= taken;
    // A chunk ends with a line break of its own.
    if (chunk_left_ > 0 || rest_.size() < 2) return body;
    rest_.erase(0, 2);
    is_in_chunk_ = false;
  }
}

} // namespace busbar::apps
