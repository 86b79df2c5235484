#include "domain/fault_list.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::domain {

namespace {

/// Code point and bytes of what may not stand in a line, at the begin of `text`; 0 bytes: it may.
struct forbidden {
  unsigned code = 0;
  std::size_t bytes = 0;
};

forbidden forbidden_at(std::string_view text) {
  const auto byte = [&](std::size_t place) {
    return place < text.size() ? static_cast<unsigned char>(text[place]) : 0u;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7F) return {byte(0), 1};
  // The second control characters, U+0080 to U+009F.
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return {byte(1), 2};
  // U+2028 and U+2029.
  const bool is_separator = byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) & 0xFEu) == 0xA8;
  return is_separator ? forbidden{0x2000u + (byte(2) & 0x3Fu), 3} : forbidden{};
}

std::string escaped(unsigned code) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string text = "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) text += hex[(code >> shift) & 0xFu];
  return text;
}

} // namespace

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  while (!text.empty()) {
    const auto found = forbidden_at(text);
    if (found.bytes == 0) line += text.front();
    else line += escaped(found.code);
    text.remove_prefix(std::max<std::size_t>(found.bytes, 1));
  }
  return line;
}

std::string shortened(std::string text, std::size_t bytes_max) {
  assert(bytes_max >= 4);
  if (text.size() <= bytes_max) return text;
  const auto goes_on = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; };
  auto end = bytes_max - 3;
  // A text that is no UTF-8 may go on for ever.
  for (int steps = 0; steps < 3 && end > 0 && goes_on(text[end]); ++steps) --end;
  text.resize(end);
  return text + "...";
}

std::string grouped(std::size_t number) {
  auto text = std::to_string(number);
  for (auto place = text.size(); place > 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

void fault_list::add(std::string_view text) {
  if (size_++ >= kept_max) return;
  kept_.push_back(shortened(one_line(text.substr(0, fault_bytes_max + 1)), fault_bytes_max));
}

void fault_list::add(const fault_list& others) {
  const auto room = kept_max - kept_.size();
  const auto count = std::min(room, others.kept_.size());
  kept_.insert(kept_.end(), others.kept_.begin(),
               others.kept_.begin() + static_cast<std::ptrdiff_t>(count));
  size_ += others.size_;
}

std::string fault_list::more_text() const {
  return size_ > kept_.size() ? "and " + grouped(size_ - kept_.size()) + " more" : "";
}

} // namespace busbar::domain
