#include "apps/tail/entry_text.hpp"

#include <nlohmann/json.hpp>

#include <cctype>

namespace busbar::apps {

namespace {

using nlohmann::json;

constexpr const char* plain = "\033[0m";

std::string member(const json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// " (by device CP-001)"; empty where the system caused it.
std::string cause_of(const json& entry) {
  const auto by = entry.find("caused_by");
  if (by == entry.end() || !by->is_object() || member(*by, "name").empty()) return {};
  return " (by " + member(*by, "kind") + " " + member(*by, "name") + ")";
}

const char* colour_of(const std::string& role, const std::string& level) {
  if (level == "critical") return "\033[1;31m";
  if (level == "warning") return "\033[33m";
  if (role == "central") return "\033[36m";
  if (role == "cp") return "\033[32m";
  if (role == "monitor") return "\033[34m";
  return role == "driver" ? "\033[35m" : plain;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// As a word of its own, or with a connector's number after it: "CP-001-1".
bool names(const std::string& text, const std::string& station) {
  for (auto at = text.find(station); at != std::string::npos; at = text.find(station, at + 1)) {
    const auto end = at + station.size();
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

/// Text from elsewhere must not steer the terminal.
std::string printable(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

} // namespace

bool is_about(const std::string& entry, const std::string& station) {
  if (station.empty()) return true;
  const auto read = json::parse(entry, nullptr, false);
  return read.is_object() &&
         (names(member(read, "subject"), station) || names(member(read, "text"), station));
}

std::string entry_text(const std::string& entry, bool with_colours) {
  const auto read = json::parse(entry, nullptr, false);
  if (!read.is_object()) return printable(entry);
  const std::string at = member(read, "at");
  const std::string role = member(read, "role");
  const std::string time = at.size() >= 23 ? at.substr(11, 12) : at;
  const std::string words = padded(role, 7) + " " + padded(member(read, "subject"), 14) + " " +
                            padded(member(read, "kind"), 15) + " " + member(read, "text") +
                            cause_of(read);
  const std::string line = printable(time + " " + words);
  if (!with_colours) return line;
  return colour_of(role, member(read, "level")) + line + plain;
}

} // namespace busbar::apps
