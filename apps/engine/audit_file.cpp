#include "apps/engine/audit_file.hpp"

#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <filesystem>
#include <system_error>

namespace busbar::apps {

domain::result<void> audit_file::prepare(const std::string& folder) {
  std::error_code why;
  std::filesystem::create_directories(folder, why);
  const auto probe = std::filesystem::path{folder} / ".writable";
  const bool is_writable = !why && std::ofstream{probe}.good();
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
  if (is_writable) return {};
  return domain::error{domain::errc::unavailable,
                       "AUDIT_LOG_DIR is '" + folder + "': " +
                           (why ? why.message() : std::string{"no file can be written there"})};
}

domain::health_probe audit_file::health_probe(const std::string& folder) {
  domain::health_probe probe;
  probe.name = "audit";
  probe.ask = [folder]() -> domain::health_verdict {
    const auto writable = prepare(folder);
    if (!writable) return {false, writable.failure().message};
    std::error_code why;
    const auto room = std::filesystem::space(folder, why).available;
    if (why) return {false, "AUDIT_LOG_DIR is '" + folder + "': " + why.message()};
    return {room >= room_min, std::to_string(room / 1'048'576) + " MiB free in " + folder};
  };
  return probe;
}

bool audit_file::add(const domain::event& event) {
  const std::string at = domain::text_of(event.at);
  constexpr std::size_t date = 10; // 2026-05-01
  if (at.substr(0, date) != day_) {
    day_ = at.substr(0, date);
    file_ = std::ofstream{std::filesystem::path{folder_} / ("audit-" + day_ + ".jsonl"),
                          std::ios::app};
  }
  text::json_writer json;
  json.begin_object().member("at", at).member("site", event.site.text());
  json.member("role", name_of(event.speaker)).member("severity", name_of(event.level));
  json.member("kind", event.kind).member("subject", event.subject);
  json.member("text", event.text);
  json.key("caused_by").begin_object().member("kind", name_of(event.caused_by.kind));
  json.member("name", event.caused_by.name).end_object().end_object();
  file_.clear();
  file_ << json.text() << '\n' << std::flush;
  return file_.good();
}

} // namespace busbar::apps
