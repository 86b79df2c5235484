#pragma once
// Options whose value is one of a few names, and which name a misspelt one is meant to be.

#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
} // namespace CLI

namespace busbar::apps {

/// "'jsn': allowed are text, json (did you mean `json`?)".
[[nodiscard]] CLI::Validator one_of(const std::vector<std::string>& allowed);

/// " (did you mean `--drivers`?)" for the first word that is no command or option of `app`, nor of
/// the command that is named; empty where all are, or none is near.
[[nodiscard]] std::string meant_word(const CLI::App& app, const std::vector<std::string>& words);

/// The names of the policies that are built in.
[[nodiscard]] std::vector<std::string> policy_names();

} // namespace busbar::apps
