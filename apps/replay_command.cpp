// busbar replay: what a site did, once more, and what it would have done otherwise.

#include "apps/choice.hpp"
#include "apps/commands.hpp"
#include "apps/evaluate/tariff.hpp"
#include "apps/print_faults.hpp"
#include "apps/replay/recorded_site.hpp"
#include "apps/replay/recording_files.hpp"
#include "apps/replay/replay_report.hpp"
#include "apps/replay/replay_time.hpp"
#include "apps/replay/segment_replay.hpp"
#include "apps/replay/session_finder.hpp"
#include "apps/replay/what_if.hpp"
#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::apps {
namespace {

using namespace replay;

constexpr const char* footer = R"(
Feeds a recording (busbar engine --record DIR) back through the model of its sites. Without changes
every effect must be the same; the first that differs is named with its input, tick and field, and
the exit code is 1. With --policy or --set it is a what-if: what drivers wanted in the recording
under that policy and those limits, beside what happened (docs/replay.md states the assumptions).
--at TIME --why PLACE prints why the first plan from then on grants a station or connector what it
does. Times are RFC 3339, or a time of day of the recording's first day at the site. Exit 1: an
effect differs. Exit 2: bad input, one line a fault.

Examples:
  busbar replay recordings
  busbar replay recordings --at 14:03 --why CP-7
  busbar replay recordings --policy equal,first-come --set f1.limit=40A --csv what_if.csv)";

struct replay_options {
  std::string folder;
  std::string site;
  std::string from;
  std::string to;
  std::string at;
  std::string why;
  std::vector<std::string> policies;
  std::vector<std::string> changes;
  std::string tariff;
  std::string csv;
  bool is_json = false;
};

/// What the options name, read.
struct replay_inputs {
  std::vector<recording_segment> segments;
  std::vector<domain::policy> policies;
  std::vector<site_change> changes;
  std::optional<evaluate::tariff> prices;
  domain::fault_list faults;
};

replay_inputs inputs_of(const replay_options& options) {
  replay_inputs inputs;
  auto found = find_recordings(options.folder, options.site);
  inputs.segments = std::move(found.segments);
  inputs.faults = std::move(found.faults);
  for (const auto& name : options.policies) {
    const auto policy = domain::policy_from(name);
    if (policy) inputs.policies.push_back(*policy);
    else
      inputs.faults.add("--policy: " + name + ": busbar evaluate --help lists them" +
                        text::did_you_mean(name, policy_names()));
  }
  for (const auto& text : options.changes) {
    auto change = change_from(text);
    if (change) inputs.changes.push_back(std::move(change.value()));
    else inputs.faults.add(change.failure().message);
  }
  if (!options.tariff.empty()) {
    auto read = evaluate::read_tariff(options.tariff);
    inputs.faults.add(read.faults);
    inputs.prices = std::move(read.found);
  }
  if (options.at.empty() != options.why.empty())
    inputs.faults.add("--at and --why go together");
  return inputs;
}

/// The window that the options state, for a segment's site. Faults go to `faults`.
replay_window window_of(const replay_options& options, const recording_segment& segment,
                        const domain::site& site, domain::fault_list& faults) {
  replay_window window;
  const auto begun = segment.files.front().head.begun_at;
  const auto read = [&](const char* name, const std::string& text) {
    const auto at = text.empty() ? std::nullopt : time_from(text, begun, site.zone);
    if (!text.empty() && !at)
      faults.add(std::string{name} + ": " + text + ": 14:03, 14:03:20, 2026-05-01T12:00:00Z");
    return at;
  };
  window.from = read("--from", options.from);
  window.to = read("--to", options.to);
  return window;
}

/// A segment and its site.
struct replayed_segment {
  const recording_segment* segment = nullptr;
  std::shared_ptr<const domain::site> site;
  replay_window window;
};

std::vector<replayed_segment> sites_of(const replay_options& options, replay_inputs& inputs) {
  std::vector<replayed_segment> all;
  for (const auto& segment : inputs.segments) {
    auto site = recorded_site(segment.files.front().head);
    if (!site) {
      inputs.faults.add(segment.files.front().path + ": " + site.failure().message);
      continue;
    }
    auto window = window_of(options, segment, *site.value(), inputs.faults);
    all.push_back({&segment, std::move(site.value()), window});
  }
  return all;
}

int fail(const domain::error& why) {
  std::cerr << "replay: " << why.message << '\n';
  return 2;
}

int compare_all(const replay_options& options, const std::vector<replayed_segment>& all) {
  auto list = nlohmann::ordered_json::array();
  bool has_failed = false;
  for (const auto& each : all) {
    const auto report = replay_segment(*each.segment, each.site, each.window);
    if (!report) return fail(report.failure());
    has_failed = has_failed || report.value().has_failed();
    if (options.is_json) list.push_back(json_of(report.value()));
    else std::cout << text_of(report.value());
  }
  if (options.is_json) std::cout << nlohmann::ordered_json{{"segments", list}}.dump(1) << '\n';
  return has_failed ? 1 : 0;
}

int explain(const replay_options& options, const std::vector<replayed_segment>& all) {
  std::string text;
  bool was_reached = false;
  for (const auto& each : all) {
    const auto begun = each.segment->files.front().head.begun_at;
    const auto at = time_from(options.at, begun, each.site->zone);
    if (!at) return fail({domain::errc::malformed, "--at: " + options.at + ": 14:03, 14:03:20, "
                                                   "2026-05-01T12:00:00Z"});
    replay_watch watch;
    watch.planned = [&](const site::stepped_site& site, domain::instant now) {
      if (now < *at) return true;
      was_reached = true;
      text = reasons_of(site, options.why);
      return false;
    };
    const auto report = replay_segment(*each.segment, each.site, {}, watch);
    if (!report) return fail(report.failure());
    if (was_reached) break;
  }
  if (!was_reached) return fail({domain::errc::out_of_range, "--at: no plan from then on"});
  if (text.empty())
    return fail({domain::errc::unknown_reference,
                 "--why: " + options.why + ": the site has no such station or connector"});
  std::cout << text;
  return 0;
}

/// One segment's rows: what happened, the recorded policy, then each policy with the changes.
domain::result<std::vector<what_if_row>> rows_of(const replayed_segment& each,
                                                 const replay_inputs& inputs) {
  constexpr domain::seconds period{60};
  session_finder finder{each.site, period};
  replay_watch watch;
  watch.told = [&](const auto& site, const auto& fact) { finder.told(site, fact); };
  watch.planned = [&](const auto& site, domain::instant now) {
    finder.planned(site, now);
    return true;
  };
  const auto report = replay_segment(*each.segment, each.site, each.window, watch);
  if (!report) return report.failure();
  const auto sessions = finder.sessions();
  std::vector<what_if_row> rows;
  const auto& zone = each.site->zone;
  rows.push_back(row_of("recorded", finder.measured(sessions), sessions, inputs.prices, zone));
  const auto add = [&](const std::string& name, const std::shared_ptr<const domain::site>& site) {
    const auto result = evaluate::replay({site, period, false}, sessions, {});
    rows.push_back(row_of(name, result, sessions, inputs.prices, zone));
  };
  add(std::string{"as recorded: "} + name_of(each.site->split), each.site);
  auto policies = inputs.policies;
  if (policies.empty()) policies.push_back(each.site->split);
  for (const auto policy : policies) {
    const auto site = changed_site(*each.site, policy, inputs.changes);
    if (!site) return site.failure();
    add(std::string{"what if: "} + name_of(policy), site.value());
  }
  return rows;
}

int answer_what_if(const replay_options& options, const replay_inputs& inputs,
                   const std::vector<replayed_segment>& all) {
  auto list = nlohmann::ordered_json::array();
  std::string csv;
  for (const auto& each : all) {
    const auto rows = rows_of(each, inputs);
    if (!rows) return fail(rows.failure());
    const auto begun = domain::text_of(each.segment->files.front().head.begun_at);
    if (options.is_json) {
      list.push_back({{"site", each.site->id.text()}, {"begun_at", begun}});
      list.back().update(json_of(rows.value()));
    } else {
      std::cout << "site " << each.site->id.text() << " from " << begun << '\n'
                << table_of(rows.value());
    }
    csv += csv_of(rows.value());
  }
  if (options.is_json) std::cout << nlohmann::ordered_json{{"segments", list}}.dump(1) << '\n';
  if (options.csv.empty()) return 0;
  if (!(std::ofstream(options.csv) << csv).flush())
    return fail({domain::errc::unavailable, options.csv + ": cannot be written"});
  return 0;
}

int run_replay(const replay_options& options) {
  auto inputs = inputs_of(options);
  const auto all = inputs.faults.empty() ? sites_of(options, inputs)
                                         : std::vector<replayed_segment>{};
  if (!inputs.faults.empty()) return print_faults(inputs.faults);
  if (!options.at.empty()) return explain(options, all);
  const bool is_changed = !inputs.policies.empty() || !inputs.changes.empty();
  return is_changed ? answer_what_if(options, inputs, all) : compare_all(options, all);
}

} // namespace

void add_replay_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<replay_options>();
  auto* command = app.add_subcommand("replay", "Feed a recording back, unchanged or as a what-if");
  command->footer(footer);
  command->add_option("recording", options->folder, "Folder of the recording, or one file of it")
      ->required();
  command->add_option("--site", options->site, "This site alone");
  command->add_option("--from", options->from, "Compare from this time on");
  command->add_option("--to", options->to, "End at this time");
  command->add_option("--at", options->at, "With --why: the first plan from this time on");
  command->add_option("--why", options->why, "With --at: a station or a connector");
  command->add_option("--policy", options->policies, "Comma-separated policies to try")
      ->delimiter(',');
  command->add_option("--set", options->changes,
                      "A limit to try: NODE.limit=63A, NODE.limit=40kW, NODE.rated=30kVA");
  command->add_option("--tariff", options->tariff, "Time-of-use tariff (JSON) for the cost");
  command->add_option("--csv", options->csv, "Also write the what-if to this CSV file");
  command->add_flag("--json", options->is_json, "JSON instead of text");
  command->callback([options, &exit_code] { exit_code = run_replay(*options); });
}

} // namespace busbar::apps
