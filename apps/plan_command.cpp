// busbar plan [FILE|-]: one plan from one image.

#include "apps/commands.hpp"
#include "apps/doors/plan_answer.hpp"
#include "apps/print_answer.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace busbar::apps {
namespace {

constexpr const char* plan_footer = R"(
Reads one image of a site (JSON, docs/formats/plan-input.schema.json) and prints the plan made from
it: for every connector its fair target, what it may be told now, what is reserved for it and why.
Feed the answer's "state" into the next image: turns, dwell, ramps and hysteresis go on from it.
Exit 0: answered. Exit 2: bad input, one line a fault: file: JSON pointer: value: what is allowed.

Example:
  echo '{"now": "2026-05-01T12:00:00Z", "site": {"id": "garage", "nodes": [
    {"id": "service", "kind": "service", "limits": [{"source": "rating", "ma": 100000}]},
    {"id": "f1", "kind": "feeder", "parent": "service",
     "limits": [{"source": "breaker", "ma": 40000}]}],
   "connectors": [
    {"id": "cp1", "node": "f1", "phases": ["L1", "L2", "L3"], "min_ma": 6000, "max_ma": 32000},
    {"id": "cp2", "node": "f1", "phases": ["L2"], "min_ma": 6000, "max_ma": 16000}]},
   "state": null}' | busbar plan -)";

domain::result<std::string> answer_text(const doors::plan_question& question) {
  using handling = nlohmann::ordered_json::error_handler_t;
  return doors::answer_plan(question).dump(1, ' ', false, handling::replace);
}

} // namespace

void add_plan_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("plan", "One plan from one image of a site");
  command->footer(plan_footer);
  auto path = std::make_shared<std::string>("-");
  command->add_option("image", *path, "The image's JSON file, or - for standard input");
  command->callback([path, &exit_code] {
    exit_code = print_answer(*path, doors::plan_bytes_max, doors::read_plan_question, answer_text);
  });
}

} // namespace busbar::apps
