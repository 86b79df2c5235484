#include "apps/console_options.hpp"

#include <CLI/CLI.hpp>

#include <optional>

namespace busbar::apps {

namespace {

std::optional<domain::severity> level_of(const std::string& name) {
  if (name == "info") return domain::severity::info;
  if (name == "warning") return domain::severity::warning;
  if (name == "critical") return domain::severity::critical;
  return std::nullopt;
}

} // namespace

void add_console_options(CLI::App& command, console_options& options) {
  command.add_option("--log-level", options.level,
                     "Least severity of the lines on standard error: info, warning, critical, off")
      ->check(CLI::IsMember({"info", "warning", "critical", "off"}))->capture_default_str();
  command.add_option("--log-format", options.format, "Form of these lines: text, json")
      ->check(CLI::IsMember({"text", "json"}))->capture_default_str();
}

std::shared_ptr<adapters::logging::console> make_console(const console_options& options) {
  using adapters::logging::line_format;
  const auto format = options.format == "json" ? line_format::json : line_format::text;
  return std::make_shared<adapters::logging::console>(
      adapters::logging::console_settings{level_of(options.level), format});
}

node::event_sinks sinks_of(const std::shared_ptr<adapters::logging::console>& console) {
  if (!console) return {};
  node::event_sinks sinks;
  sinks.line = [console](const domain::event& event) { console->write(event); };
  sinks.tell_withheld = [console](domain::instant now) { console->tell_withheld(now); };
  return sinks;
}

} // namespace busbar::apps
