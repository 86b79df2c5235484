#pragma once
// What the commands around the doors (apps/doors) do alike: a file in, one JSON document out.

#include "apps/input_file.hpp"
#include "apps/print_faults.hpp"

#include <iostream>
#include <string>
#include <variant>

namespace busbar::apps {

/// Answers the question in the file `path` ("-": standard input), of at most `bytes_max` bytes, on
/// standard output. The exit code: 0, or 2 with each fault on standard error as "path: fault".
template <class Question>
[[nodiscard]] int
print_answer(const std::string& path, std::size_t bytes_max,
             std::variant<Question, domain::fault_list> (*read)(const std::string&),
             domain::result<std::string> (*answer)(const Question&)) {
  const auto text = read_input(path, bytes_max);
  const auto refuse = [&](const domain::error& why) {
    domain::fault_list faults;
    faults.add(why.message);
    return print_faults(faults, path + ": ");
  };
  if (!text) return refuse(text.failure());
  const auto question = read(text.value());
  if (const auto* faults = std::get_if<domain::fault_list>(&question))
    return print_faults(*faults, path + ": ");
  const auto answered = answer(std::get<Question>(question));
  if (!answered) return refuse(answered.failure());
  std::cout << answered.value() << '\n';
  return 0;
}

} // namespace busbar::apps
