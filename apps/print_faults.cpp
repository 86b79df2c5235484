#include "apps/print_faults.hpp"

#include "apps/process_lines.hpp"

namespace busbar::apps {

int print_faults(const domain::fault_list& faults, std::string_view place) {
  const auto before = domain::one_line(place);
  for (const auto& fault : faults.kept())
    print_line(domain::severity::critical, "bad_input", before + fault);
  if (const auto more = faults.more_text(); !more.empty())
    print_line(domain::severity::critical, "bad_input", more);
  return 2;
}

} // namespace busbar::apps
