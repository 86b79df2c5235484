#include "apps/print_faults.hpp"

#include <iostream>

namespace busbar::apps {

int print_faults(const domain::fault_list& faults, std::string_view place) {
  const auto before = domain::one_line(place);
  std::string text;
  for (const auto& fault : faults.kept()) text += before + fault + '\n';
  if (const auto more = faults.more_text(); !more.empty()) text += more + '\n';
  std::cerr << text;
  return 2;
}

} // namespace busbar::apps
