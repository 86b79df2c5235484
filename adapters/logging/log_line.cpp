#include "adapters/logging/log_line.hpp"

#include "domain/time_text.hpp"

#include <nlohmann/json.hpp>

namespace busbar::adapters::logging {

namespace {

constexpr char hexadecimal[] = "0123456789abcdef";

void append_printable(std::string& out, const std::string& text) {
  for (const char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte != 0x7f) {
      out += each;
      continue;
    }
    out += "\\x";
    out += hexadecimal[byte >> 4];
    out += hexadecimal[byte & 15];
  }
}

} // namespace

std::string text_of(const log_line& line) {
  std::string out = domain::text_of(line.at) + ' ' + name_of(line.level) + ' ';
  append_printable(out, line.kind);
  for (const auto* each : {&line.site, &line.subject}) {
    if (each->empty()) continue;
    out += ' ';
    append_printable(out, *each);
  }
  out += ": ";
  append_printable(out, line.text);
  return out;
}

std::string json_of(const log_line& line) {
  nlohmann::ordered_json out;
  out["at"] = domain::text_of(line.at);
  out["level"] = name_of(line.level);
  out["kind"] = line.kind;
  if (!line.site.empty()) out["site"] = line.site;
  if (!line.subject.empty()) out["subject"] = line.subject;
  out["text"] = line.text;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace busbar::adapters::logging
