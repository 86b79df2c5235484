// Load shedding: its settings, its level and what that does, and a level by hand.

#include "adapters/http/body_reader.hpp"
#include "adapters/http/page_writer.hpp"
#include "adapters/http/resources.hpp"
#include "adapters/http/site_scope.hpp"
#include "adapters/http/view_json.hpp"
#include "control/safety/load_shedding.hpp"
#include "domain/time_text.hpp"

#include <array>

namespace busbar::adapters::http {

namespace {

namespace safety = control::safety;

constexpr int priority_max = 10;
constexpr std::array level_texts{
    "nothing is shed",
    "priority 3 and below is reduced by 20 %",
    "priority 5 and below is reduced by 40 %",
    "every station is reduced by 50 %",
    "priority 5 and below is stopped, the others keep what they have",
    "all but priorities 9 and 10 are stopped, those keep what they have",
};
static_assert(level_texts.size() == safety::shedding_levels + 1);

std::int64_t whole_seconds(domain::microseconds time) {
  return std::chrono::duration_cast<domain::seconds>(time).count();
}

void write_settings(text::json_writer& json, const domain::shedding_settings& settings) {
  json.begin_object().member("enabled", settings.is_enabled);
  json.member("rise_permille", settings.rise.count());
  json.member("fall_permille", settings.fall.count());
  json.member("unexplained_permille", settings.unexplained.count());
  json.member("dwell_up_s", whole_seconds(settings.dwell_up));
  json.member("dwell_down_s", whole_seconds(settings.dwell_down)).end_object();
}

/// What each level leaves to the priorities 1 to 10, of a thousand.
void write_levels(text::json_writer& json) {
  json.begin_array();
  for (int level = 0; level <= safety::shedding_levels; ++level) {
    json.begin_object().member("level", level);
    json.member("text", level_texts[static_cast<std::size_t>(level)]);
    json.key("kept_permille").begin_array();
    for (int priority = 1; priority <= priority_max; ++priority)
      json.value(safety::shed_cap(level, priority, domain::milliamperes{1'000}).count());
    json.end_array().end_object();
  }
  json.end_array();
}

void write_status(text::json_writer& json, const domain::site_view& view) {
  json.begin_object().member("site", view.topology->id.text());
  json.member("at", domain::text_of(view.at));
  write_shedding_members(json, view);
  json.key("settings");
  write_settings(json, view.shedding.settings);
  json.key("levels");
  write_levels(json);
  json.end_object();
}

response show_status(const actors::engine_port& engine, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, asked.captured.front(), asked.path);
  if (scope.refusal) return *scope.refusal;
  text::json_writer json;
  write_status(json, *scope.views.front());
  return json_response(json.take());
}

response list_status(const actors::engine_port& engine, const request& asked) {
  query_reader query{asked};
  page_writer page{read_page(query)};
  const auto site = query.text("site");
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, site, asked.path);
  if (scope.refusal) return *scope.refusal;
  for (const shared_view& view : scope.views)
    if (page.wants_next()) write_status(page.json(), *view);
  return json_response(page.finish());
}

/// What a body changes; the rest stays as it is. `level`: a number forces, null releases.
struct shedding_wish {
  std::optional<bool> is_enabled;
  std::optional<std::int64_t> rise, fall, unexplained, dwell_up, dwell_down, level;
  bool releases = false;

  [[nodiscard]] bool is_empty() const {
    return !is_enabled && !rise && !fall && !unexplained && !dwell_up && !dwell_down && !level &&
           !releases;
  }

  [[nodiscard]] domain::configure_shedding on(const domain::shedding_view& now) const {
    domain::configure_shedding order{now.settings, std::nullopt};
    domain::shedding_settings& settings = order.settings;
    settings.is_enabled = is_enabled.value_or(settings.is_enabled);
    settings.rise = domain::permille{rise.value_or(settings.rise.count())};
    settings.fall = domain::permille{fall.value_or(settings.fall.count())};
    settings.unexplained = domain::permille{unexplained.value_or(settings.unexplained.count())};
    if (dwell_up) settings.dwell_up = domain::seconds{*dwell_up};
    if (dwell_down) settings.dwell_down = domain::seconds{*dwell_down};
    if (level) order.forced_level = static_cast<int>(*level);
    else if (now.is_forced && !releases) order.forced_level = now.level;
    return order;
  }
};

/// A threshold in permille, or as a ratio under the load manager's own name.
struct threshold {
  const char* name;
  const char* as_ratio;
  std::int64_t least;
  std::int64_t most;
};

std::optional<std::int64_t> read_threshold(body_reader& body, const threshold& of) {
  const auto permille = body.number(of.name, of.least, of.most);
  const auto ratio = body.thousandths(of.as_ratio, of.least, of.most);
  if (body.has(of.name) && body.has(of.as_ratio))
    body.refuse(of.as_ratio, std::string{of.name} + " is stated already; state one of the two");
  return permille ? permille : ratio;
}

shedding_wish read_wish(body_reader& body) {
  shedding_wish wish;
  wish.is_enabled = body.truth("enabled");
  wish.rise = read_threshold(body, {"rise_permille", "upperThreshold", 500, 1'200});
  wish.fall = read_threshold(body, {"fall_permille", "lowerThreshold", 0, 1'199});
  wish.unexplained = body.number("unexplained_permille", 0, 1'000);
  wish.dwell_up = body.number("dwell_up_s", 0, 600);
  wish.dwell_down = body.number("dwell_down_s", 1, 3'600);
  wish.releases = body.is_null("level");
  if (!wish.releases) wish.level = body.number("level", 0, safety::shedding_levels);
  return wish;
}

void refuse_what_does_not_go_together(body_reader& body, const shedding_wish& wish,
                                      const site_scope& scope) {
  if (scope.refusal) return;
  const auto& settings = scope.views.front()->shedding.settings;
  const auto rise = wish.rise.value_or(settings.rise.count());
  const auto fall = wish.fall.value_or(settings.fall.count());
  if (fall < rise) return;
  const char* fall_name = body.has("lowerThreshold") ? "lowerThreshold" : "fall_permille";
  const char* rise_name = body.has("upperThreshold") ? "upperThreshold" : "rise_permille";
  body.refuse(wish.fall ? fall_name : rise_name,
              "fall is " + std::to_string(fall) + ", rise is " + std::to_string(rise) +
                  "; fall is to be below rise");
}

response configure(actors::engine_port& engine, const request& asked, body_reader& body,
                   const site_scope& scope) {
  const shedding_wish wish = read_wish(body);
  refuse_what_does_not_go_together(body, wish, scope);
  if (auto refusal = body.refusal(asked)) return *refusal;
  if (wish.is_empty())
    return problem(422, "nothing to change: state a setting or `level`", asked.path);
  if (scope.refusal) return *scope.refusal;
  const domain::site_view& view = *scope.views.front();
  const domain::configure_shedding order = wish.on(view.shedding);
  if (const auto done = engine.order(view.topology->id, order); !done)
    return problem(done.failure(), asked.path);
  text::json_writer json;
  json.begin_object().member("site", view.topology->id.text());
  json.member("at", domain::text_of(asked.received_at)).key("forced_level");
  if (order.forced_level) json.value(*order.forced_level);
  else json.null();
  json.key("settings");
  write_settings(json, order.settings);
  json.end_object();
  return json_response(json.take(), 202);
}

response configure_by_path(actors::engine_port& engine, const request& asked) {
  body_reader body{asked};
  return configure(engine, asked, body, scope_of(engine, asked.captured.front(), asked.path));
}

response configure_by_body(actors::engine_port& engine, const request& asked) {
  body_reader body{asked};
  return configure(engine, asked, body, one_site(engine, body.id("site"), asked.path));
}

} // namespace

void add_shedding_resources(router& routes, actors::engine_port& engine) {
  routes.add(method::get, "/api/v1/sites/{site}/load-shedding",
             [&engine](const request& asked) { return show_status(engine, asked); });
  routes.add(method::post, "/api/v1/sites/{site}/load-shedding",
             [&engine](const request& asked) { return configure_by_path(engine, asked); });
  routes.add(method::get, "/api/load-shedding/status",
             [&engine](const request& asked) { return list_status(engine, asked); });
  routes.add(method::post, "/api/load-shedding/configure",
             [&engine](const request& asked) { return configure_by_body(engine, asked); });
}

} // namespace busbar::adapters::http
