#include "apps/choice.hpp"

#include "control/fairness/policy.hpp"
#include "text/suggestion.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace busbar::apps {

namespace {

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  return names;
}

/// With their dashes.
std::vector<std::string> names_of_options(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// The command that is named, as deep as commands go.
const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& words) {
  const auto* command = &app;
  for (const auto& word : words)
    for (const auto* below : command->get_subcommands(nullptr))
      if (below->get_name() == word) command = below;
  return command;
}

} // namespace

CLI::Validator one_of(const std::vector<std::string>& allowed) {
  std::string names, listed;
  for (const auto& each : allowed) {
    names += (names.empty() ? "" : ", ") + each;
    listed += (listed.empty() ? "" : ",") + each;
  }
  const auto check = [allowed, names](const std::string& value) {
    if (std::ranges::find(allowed, value) != allowed.end()) return std::string{};
    return "'" + value + "': allowed are " + names + text::did_you_mean(value, allowed);
  };
  return CLI::Validator{check, "{" + listed + "}"};
}

std::string meant_word(const CLI::App& app, const std::vector<std::string>& words) {
  const auto* command = command_of(app, words);
  const auto commands = names_of_commands(*command);
  const auto options = names_of_options(*command);
  for (const auto& word : words) {
    const auto name = word.substr(0, word.find('='));
    const bool is_option = name.starts_with("--");
    const auto& known = is_option ? options : commands;
    if (std::ranges::find(known, name) != known.end()) continue;
    if (auto meant = text::did_you_mean(name, known); !meant.empty()) return meant;
  }
  return {};
}

std::vector<std::string> policy_names() {
  std::vector<std::string> names;
  for (const auto& entry : control::fairness::every_policy())
    names.emplace_back(name_of(entry.name));
  return names;
}

} // namespace busbar::apps
