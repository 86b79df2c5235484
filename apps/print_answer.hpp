#pragma once
// What the commands around the doors (apps/doors) do alike: a file in, one JSON document out.

#include "apps/input_file.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <string>
#include <variant>
#include <vector>

namespace busbar::apps {

/// Answers the question in the file `path` ("-": standard input) on standard output. The exit code:
/// 0, or 2 with each fault on standard error as "path: fault".
template <class Question>
[[nodiscard]] int
print_answer(const std::string& path,
             std::variant<Question, std::vector<std::string>> (*read)(const std::string&),
             nlohmann::ordered_json (*answer)(const Question&)) {
  const auto text = read_input(path);
  if (!text) {
    std::cerr << path << ": cannot be read: a readable file, or - for standard input\n";
    return 2;
  }
  const auto question = read(*text);
  if (const auto* faults = std::get_if<std::vector<std::string>>(&question)) {
    for (const auto& fault : *faults) std::cerr << path << ": " << fault << '\n';
    return 2;
  }
  using handling = nlohmann::ordered_json::error_handler_t;
  const auto answered = answer(std::get<Question>(question));
  std::cout << answered.dump(1, ' ', false, handling::replace) << '\n';
  return 0;
}

} // namespace busbar::apps
