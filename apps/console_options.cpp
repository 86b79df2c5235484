#include "apps/console_options.hpp"

#include "apps/choice.hpp"

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
      ->check(one_of({"info", "warning", "critical", "off"}))->capture_default_str();
  add_format_option(command, options);
}

void add_format_option(CLI::App& command, console_options& options) {
  command.add_option("--log-format", options.format,
                     "Form of every line on standard error: text, json")
      ->check(one_of({"text", "json"}))->capture_default_str();
}

adapters::logging::line_format line_format_of(const console_options& options) {
  using adapters::logging::line_format;
  return options.format == "json" ? line_format::json : line_format::text;
}

std::shared_ptr<adapters::logging::console> make_console(const console_options& options) {
  return std::make_shared<adapters::logging::console>(
      adapters::logging::console_settings{level_of(options.level), line_format_of(options)});
}

node::event_sinks sinks_of(const std::shared_ptr<adapters::logging::console>& console) {
  if (!console) return {};
  node::event_sinks sinks;
  sinks.line = [console](const domain::event& event) { console->write(event); };
  sinks.tell_withheld = [console](domain::instant now) { console->tell_withheld(now); };
  return sinks;
}

} // namespace busbar::apps
