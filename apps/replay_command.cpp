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
#include "control/fairness/policy.hpp"
#include "domain/time_text.hpp"
#include "text/suggestion.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
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
does. A time is RFC 3339 (2026-05-01T14:03:00Z), or a time of day at the site (14:03, 14:03:20) on
the day on which the recorded segment begins, or the next day where that is over. A tail that was
not written whole (kill -9, a full disk) is left out and named. Exit 1: an effect differs. Exit 2:
bad input, one line a fault.

Examples:
  busbar replay recordings
  busbar replay recordings --site depot --from 14:00 --to 14:10 --json
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

std::vector<std::string> names_of_policies() {
  std::vector<std::string> names;
  for (const auto& entry : control::fairness::every_policy())
    names.emplace_back(domain::name_of(entry.name));
  return names;
}

void read_policies(const std::vector<std::string>& wanted, replay_inputs& inputs) {
  const auto names = names_of_policies();
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
  for (const auto& name : wanted) {
    const auto policy = domain::policy_from(name);
    const bool is_built_in = std::ranges::find(names, name) != names.end();
    if (policy && is_built_in) inputs.policies.push_back(*policy);
    else
      inputs.faults.add("--policy: " + name + text::did_you_mean(name, names) + ": " + all);
  }
}

replay_inputs inputs_of(const replay_options& options) {
  replay_inputs inputs;
  auto found = find_recordings(options.folder, options.site);
  inputs.segments = std::move(found.segments);
  inputs.faults = std::move(found.faults);
  for (const auto& note : found.notes) std::cerr << "replay: " << note << '\n';
  read_policies(options.policies, inputs);
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
  const bool is_changed = !options.policies.empty() || !options.changes.empty();
  if (is_changed && !options.at.empty())
    inputs.faults.add("--at: explains what happened: it does not go with --policy or --set");
  if (!is_changed && (!options.csv.empty() || !options.tariff.empty()))
    inputs.faults.add("--csv, --tariff: belong to a what-if: name a --policy or --set, too");
  return inputs;
}

std::string time_fault(const char* option, const std::string& text) {
  return std::string{option} + ": " + text +
         ": not a time: 14:03, 14:03:20 or 2026-05-01T12:00:00Z";
}

/// The window that the options state, for a segment's site. Faults go to `faults`.
replay_window window_of(const replay_options& options, const recording_segment& segment,
                        const domain::site& site, domain::fault_list& faults) {
  replay_window window;
  const auto begun = segment.files.front().head.begun_at;
  const auto read = [&](const char* name, const std::string& text) {
    const auto at = text.empty() ? std::nullopt : time_from(text, begun, site.zone);
    if (!text.empty() && !at) faults.add(time_fault(name, text));
    return at;
  };
  window.from = read("--from", options.from);
  window.to = read("--to", options.to);
  static_cast<void>(read("--at", options.at));
  if (window.from && window.to && *window.to < *window.from)
    faults.add("--to: " + options.to + ": lies before --from " + options.from);
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
    domain::fault_list faults;
    auto window = window_of(options, segment, *site.value(), faults);
    for (const auto& change : inputs.changes)
      if (const auto changed = changed_site(*site.value(), std::nullopt, {change}); !changed)
        faults.add(changed.failure().message);
    all.push_back({&segment, std::move(site.value()), window});
    // The same faults once, not once a segment.
    if (inputs.faults.empty()) inputs.faults.add(faults);
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
  replay_chain chain;
  for (const auto& each : all) {
    const auto report = replay_segment(*each.segment, each.site, each.window, {}, &chain);
    if (!report) return fail(report.failure());
    has_failed = has_failed || report.value().has_failed();
    if (options.is_json) list.push_back(json_of(report.value()));
    else std::cout << text_of(report.value());
  }
  if (options.is_json) std::cout << nlohmann::ordered_json{{"segments", list}}.dump(1) << '\n';
  return has_failed ? 1 : 0;
}

/// Ids of stations and connectors of all segments' sites.
std::vector<std::string> places_of(const std::vector<replayed_segment>& all) {
  std::vector<std::string> places;
  for (const auto& each : all) {
    for (const auto& station : each.site->stations) places.push_back(station.id.text());
    for (const auto& connector : each.site->connectors) places.push_back(connector.id.text());
  }
  return places;
}

bool has_place(const replayed_segment& each, const std::string& place) {
  const auto places = places_of({each});
  return std::ranges::find(places, place) != places.end();
}

int explain(const replay_options& options, const std::vector<replayed_segment>& all) {
  const auto places = places_of(all);
  if (std::ranges::find(places, options.why) == places.end())
    return fail({domain::errc::unknown_reference,
                 "--why: " + options.why + ": no site of the recording has such a station or "
                                           "connector" + text::did_you_mean(options.why, places)});
  std::string text;
  std::string spans;
  replay_chain chain;
  for (const auto& each : all) {
    if (!has_place(each, options.why)) continue;
    const auto begun = each.segment->files.front().head.begun_at;
    const auto at = *time_from(options.at, begun, each.site->zone);
    replay_watch watch;
    watch.planned = [&](const site::stepped_site& site, domain::instant now) {
      if (now >= at) text = reasons_of(site, options.why);
      return now < at;
    };
    const auto report = replay_segment(*each.segment, each.site, {}, watch, &chain);
    if (!report) return fail(report.failure());
    if (!text.empty()) break;
    spans += (spans.empty() ? "" : ", ") + domain::text_of(begun) + " to " +
             domain::text_of(report.value().ended_at);
  }
  if (text.empty())
    return fail({domain::errc::out_of_range,
                 "--at: " + options.at + ": no plan from then on; recorded: " + spans});
  std::cout << text;
  return 0;
}

/// One segment's rows: what happened, the recorded policy, then each policy with the changes.
domain::result<std::vector<what_if_row>> rows_of(const replayed_segment& each,
                                                 const replay_inputs& inputs,
                                                 replay_chain& chain) {
  constexpr domain::seconds period{10};
  session_finder finder{each.site, period};
  replay_watch watch;
  watch.told = [&](const auto& site, const auto& fact) { finder.told(site, fact); };
  watch.planned = [&](const auto& site, domain::instant now) {
    if (!each.window.from || now >= *each.window.from) finder.planned(site, now);
    return true;
  };
  const auto report = replay_segment(*each.segment, each.site, each.window, watch, &chain);
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
  auto csv = csv_head();
  replay_chain chain;
  for (const auto& each : all) {
    const auto rows = rows_of(each, inputs, chain);
    if (!rows) return fail(rows.failure());
    const auto begun = domain::text_of(each.segment->files.front().head.begun_at);
    if (options.is_json) {
      list.push_back({{"site", each.site->id.text()}, {"begun_at", begun}});
      list.back().update(json_of(rows.value()));
    } else {
      std::cout << "site " << each.site->id.text() << " from " << begun << '\n'
                << table_of(rows.value());
    }
    csv += csv_of(rows.value(), each.site->id.text(), begun);
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
  command->add_option("--from", options->from,
                      "From this time on: earlier steps are made, not compared");
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
