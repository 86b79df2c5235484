// busbar evaluate: policies side by side on recorded sessions.

#include "adapters/config/site_file.hpp"
#include "apps/choice.hpp"
#include "apps/commands.hpp"
#include "apps/evaluate/plots.hpp"
#include "apps/evaluate/report.hpp"
#include "apps/print_faults.hpp"
#include "control/fairness/policy.hpp"
#include "text/suggestion.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iostream>
#include <memory>

namespace busbar::apps {
namespace {

using namespace evaluate;

struct evaluate_options {
  std::string site;
  std::string sessions;
  std::vector<std::string> policies;
  std::vector<double> ratings;
  std::optional<double> current_min_a;
  std::optional<double> step_a;
  std::string period = "5min";
  std::string tariff;
  /// "CCS1=dc-1": a place of the sessions' file, a station or connector of the site.
  std::vector<std::string> map;
  std::string csv_folder;
  std::string plots_folder;
  bool is_json = false;
  bool tells_progress = false;
};

constexpr const char* evaluate_footer = R"(
Replays every session against the site with the given transformer rating, one plan a period, and
prints per policy and rating: energy delivered in permille of what was asked, Jain's index of the
share served, sessions served in full, those that got under a tenth, peak, the worst moment of the
worst node, cost, time per plan. Batteries are ideal. Exit 2: bad input, one line a fault.

Sessions are ACN's CSV, ACN-Data's own JSON or EPFL's CSV (docs/session-files.md); where their
places are not named as the site's are, --map says which is which. --csv FOLDER writes every session
and every period as sessions.csv and periods.csv, --plots FOLDER draws load against limit and energy
by session (SVG).

With --min-a and --step-a every connector has that minimum and step instead of the file's.

Example:
  busbar evaluate --site examples/caltech/site.toml \
    --sessions ../shared/data/acn_caltech_2019-03_sessions.csv \
    --policy equal,first-come --rated-kva 10,40)";

/// A policy that is built in.
std::optional<domain::policy> policy_named(const std::string& name) {
  const auto policy = domain::policy_from(name);
  for (const auto& entry : control::fairness::every_policy())
    if (policy && entry.name == *policy) return policy;
  return std::nullopt;
}

std::string names_of_policies() {
  std::string names;
  for (const auto& entry : control::fairness::every_policy())
    names += (names.empty() ? "" : ", ") + std::string(domain::name_of(entry.name));
  return names;
}

/// "5min", "90s", "1h": 1 s to a day.
std::optional<domain::seconds> period_from(const std::string& text) {
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  const std::string unit(read.ptr, end);
  const std::int64_t length = unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (read.ec != std::errc{} || length == 0 || count < 1 || count > 86'400 / length)
    return std::nullopt;
  return domain::seconds{count * length};
}

domain::fault_list faults_of(const evaluate_options& options) {
  domain::fault_list faults;
  for (const auto& name : options.policies)
    if (!policy_named(name))
      faults.add("--policy: " + name + ": " + names_of_policies() +
                 text::did_you_mean(name, policy_names()));
  for (const auto rating : options.ratings)
    if (!(rating >= 0.001 && rating <= 1'000'000))
      faults.add("--rated-kva: " + std::to_string(rating) + ": 0.001..1000000");
  const auto in_range = [&](const char* name, std::optional<double> value, double least) {
    if (value && !(*value >= least && *value <= 80))
      faults.add(std::string(name) + ": " + std::to_string(*value) + ": " +
                       (least > 0 ? "0.001..80" : "0..80"));
  };
  in_range("--min-a", options.current_min_a, 0);
  in_range("--step-a", options.step_a, 0.001);
  if (!period_from(options.period))
    faults.add("--period: " + options.period + ": 1s to 24h, as 90s, 5min, 1h");
  return faults;
}

domain::milliamperes milliamperes_of(double amperes) {
  return domain::milliamperes{std::llround(amperes * 1000)};
}

std::shared_ptr<const domain::site> variant_of(const evaluate_options& options,
                                               const domain::site& site, domain::policy policy,
                                               std::optional<double> rated_kva) {
  auto variant = std::make_shared<domain::site>(site);
  variant->split = policy;
  if (rated_kva)
    for (auto& node : variant->nodes)
      if (node.transformer)
        node.transformer->rated = domain::volt_amperes{std::llround(*rated_kva * 1000)};
  for (auto& connector : variant->connectors) {
    const auto least = options.current_min_a ? milliamperes_of(*options.current_min_a)
                                             : connector.current_min;
    connector.current_min = std::min(least, connector.current_max);
    if (options.step_a) connector.step = milliamperes_of(*options.step_a);
  }
  return variant;
}

/// Says how far it is on standard error, a line for each tenth.
std::function<void(int)> progress_of(const std::string& what) {
  auto told = std::make_shared<int>(-1);
  return [what, told](int permille) {
    if (permille / 100 == *told) return;
    *told = permille / 100;
    std::cerr << what << ": " << *told * 10 << " %\n";
  };
}

struct evaluate_inputs {
  std::shared_ptr<const domain::site> site;
  std::vector<recorded_session> sessions;
  std::optional<tariff> prices;
  /// The times of the sessions are UTC, not local civil time.
  bool is_utc = false;
};

/// Everything that the options name; faults go to standard error.
std::optional<evaluate_inputs> inputs_of(const evaluate_options& options) {
  auto faults = faults_of(options);
  const auto names = place_names_from(options.map, faults);
  evaluate_inputs inputs;
  const auto loaded = adapters::config::load_site(options.site);
  faults.add(adapters::config::lines_of(loaded));
  inputs.site = loaded.site;
  if (inputs.site) {
    auto read = read_recorded_sessions(options.sessions, *inputs.site, names);
    faults.add(read.faults);
    inputs.sessions = std::move(read.sessions);
    inputs.is_utc = read.is_utc;
    if (read.is_utc && !options.tariff.empty() && inputs.site->zone == domain::time_zone{})
      faults.add("--tariff: its hours are local, the times of " + options.sessions +
                 " are UTC, and " + options.site +
                 " states no time_zone: allowed is one, as \"America/Los_Angeles\" or, for hours"
                 " in UTC, \"Etc/UTC\"");
  }
  if (!options.tariff.empty()) {
    auto read = read_tariff(options.tariff);
    faults.add(read.faults);
    inputs.prices = std::move(read.found);
  }
  if (!faults.empty()) print_faults(faults);
  return faults.empty() ? std::optional{std::move(inputs)} : std::nullopt;
}

replayed replay_one(const evaluate_options& options, const evaluate_inputs& inputs,
                    const std::string& policy, std::optional<double> rating) {
  auto site = variant_of(options, *inputs.site, *policy_named(policy), rating);
  replayed run{policy, rating, std::move(site), {}};
  const bool keeps_loads = !options.csv_folder.empty() || !options.plots_folder.empty();
  const replay_settings settings{run.site, *period_from(options.period), keeps_loads};
  const auto where = rating ? " at " + std::to_string(std::llround(*rating)) + " kVA" : "";
  run.result = replay(settings, inputs.sessions,
                      options.tells_progress ? progress_of(policy + where) : nullptr);
  return run;
}

evaluation evaluation_of(const replayed& run, const evaluate_inputs& inputs) {
  // Local civil time already is what a tariff means.
  const auto zone = inputs.is_utc ? run.site->zone : domain::time_zone{};
  auto made = evaluate::evaluation_of(run.result, inputs.sessions, inputs.prices, zone);
  made.policy = run.policy;
  made.rated_kva = run.rated_kva;
  return made;
}

/// What goes into folders, where they are asked for.
class evaluate_folders {
public:
  explicit evaluate_folders(const evaluate_options& options) : options_(options) {}

  domain::result<void> open() {
    if (auto made = options_.csv_folder.empty() ? domain::result<void>{}
                                                : tables_.open(options_.csv_folder);
        !made)
      return made;
    return options_.plots_folder.empty() ? domain::result<void>{}
                                         : make_folder(options_.plots_folder);
  }
  domain::result<void> add(const replayed& run, const std::vector<recorded_session>& sessions) {
    if (!options_.csv_folder.empty()) tables_.add(run, sessions);
    if (options_.plots_folder.empty()) return {};
    return write_plots(options_.plots_folder, run, sessions);
  }
  domain::result<void> close() {
    return options_.csv_folder.empty() ? domain::result<void>{} : tables_.close();
  }

private:
  const evaluate_options& options_;
  session_tables tables_;
};

/// Prints the failure. Exit 1: a folder cannot be written.
int fail(const domain::result<void>& failed) {
  std::cerr << "evaluate: " << failed.failure().message << '\n';
  return 1;
}

int run_evaluate(const evaluate_options& options) {
  const auto inputs = inputs_of(options);
  if (!inputs) return 2;
  std::vector<std::optional<double>> ratings(options.ratings.begin(), options.ratings.end());
  if (ratings.empty()) ratings.emplace_back();
  std::vector<evaluation> evaluations;
  evaluate_folders folders(options);
  if (const auto opened = folders.open(); !opened) return fail(opened);
  for (const auto& rating : ratings)
    for (const auto& policy : options.policies) {
      const auto run = replay_one(options, *inputs, policy, rating);
      evaluations.push_back(evaluation_of(run, *inputs));
      if (const auto added = folders.add(run, inputs->sessions); !added) return fail(added);
    }
  if (const auto closed = folders.close(); !closed) return fail(closed);
  if (options.is_json) std::cout << json_of(evaluations).dump(1) << '\n';
  else std::cout << table_of(evaluations);
  return 0;
}

} // namespace

void add_evaluate_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<evaluate_options>();
  auto* command = app.add_subcommand("evaluate", "Compare policies on recorded sessions");
  command->footer(evaluate_footer);
  command->add_option("--site", options->site, "The site's TOML file")->required();
  command->add_option("--sessions", options->sessions, "Recorded sessions (CSV or JSON)")
      ->required();
  command->add_option("--policy", options->policies,
                      "Comma-separated policies: " + names_of_policies())
      ->required()
      ->delimiter(',');
  command->add_option("--rated-kva", options->ratings, "Comma-separated transformer ratings")
      ->delimiter(',');
  command->add_option("--min-a", options->current_min_a, "Minimum of every connector, in A");
  command->add_option("--step-a", options->step_a, "Step of every connector, in A");
  command->add_option("--period", options->period, "Time between plans (default 5min)");
  command->add_option("--tariff", options->tariff, "Time-of-use tariff (JSON) for the cost");
  command->add_option("--map", options->map, "Comma-separated places: CCS1=dc-1,CCS2=dc-2")
      ->delimiter(',');
  command->add_option("--csv", options->csv_folder, "Folder for sessions.csv and periods.csv");
  command->add_option("--plots", options->plots_folder, "Folder for pictures (SVG)");
  command->add_flag("--json", options->is_json, "JSON instead of a table");
  command->add_flag("--progress", options->tells_progress, "Print progress to standard error");
  command->callback([options, &exit_code] { exit_code = run_evaluate(*options); });
}

} // namespace busbar::apps
