// Load shedding: its settings, its level and what that does, and a level by hand.

#include "adapters/http/api/ordering.hpp"
#include "adapters/http/api/resources.hpp"
#include "adapters/http/api/site_scope.hpp"
#include "adapters/http/json/body_reader.hpp"
#include "adapters/http/json/page_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "control/safety/load_shedding.hpp"
#include "domain/time_text.hpp"

#include <array>
#include <memory>
#include <variant>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

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

response show_status(const ports::engine_node& engine, const request& asked) {
  const query_reader query{asked};
  if (!query.faults().empty()) return query.problem_of(asked);
  const site_scope scope = scope_of(engine, asked.captured.front(), asked.path);
  if (scope.refusal) return *scope.refusal;
  text::json_writer json;
  write_status(json, *scope.views.front());
  return json_response(json.take());
}

response list_status(const ports::engine_node& engine, const request& asked) {
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

template <class Quantity> std::optional<Quantity> as(const std::optional<std::int64_t>& value) {
  return value ? std::optional{Quantity{*value}} : std::nullopt;
}

/// What a body changes; the rest stays as it is. `level`: a number forces, null releases.
domain::shedding_change read_change(body_reader& body) {
  domain::shedding_change change;
  change.is_enabled = body.truth("enabled");
  change.rise = as<domain::permille>(
      read_threshold(body, {"rise_permille", "upperThreshold", 500, 1'200}));
  change.fall = as<domain::permille>(
      read_threshold(body, {"fall_permille", "lowerThreshold", 0, 1'199}));
  change.unexplained = as<domain::permille>(body.number("unexplained_permille", 0, 1'000));
  change.dwell_up = as<domain::seconds>(body.number("dwell_up_s", 0, 600));
  change.dwell_down = as<domain::seconds>(body.number("dwell_down_s", 1, 3'600));
  change.releases = body.is_null("level");
  if (change.releases) return change;
  if (const auto level = body.number("level", 0, safety::shedding_levels))
    change.level = static_cast<int>(*level);
  return change;
}

bool is_empty(const domain::shedding_change& change) {
  return !change.is_enabled && !change.rise && !change.fall && !change.unexplained &&
         !change.dwell_up && !change.dwell_down && !change.level && !change.releases;
}

response receipt_of(const domain::site_id& site, const domain::configure_shedding& order,
                    domain::instant at) {
  text::json_writer json;
  json.begin_object().member("site", site.text());
  json.member("at", domain::text_of(at)).key("forced_level");
  if (order.forced_level) json.value(*order.forced_level);
  else json.null();
  json.key("settings");
  write_settings(json, order.settings);
  json.end_object();
  return json_response(json.take(), 202);
}

using shared_body = std::shared_ptr<body_reader>;

void configure(ports::engine_node& engine, const request& asked, const responder& reply,
               const shared_body& body, const site_scope& scope) {
  const domain::order_wish wish{domain::configure_shedding{}, {}, read_change(*body)};
  if (body->refusal(asked)) {
    if (!scope.refusal) add_faults(*body, wish, *scope.views.front());
    return reply(*body->refusal(asked));
  }
  if (is_empty(wish.change))
    return reply(problem(422, "nothing to change: state a setting or `level`", asked.path));
  if (scope.refusal) return reply(*scope.refusal);
  const auto site = scope.views.front()->topology;
  give(engine, {site, {wish}, asked, body}, reply,
       [site, at = asked.received_at](const taken_orders& taken) {
         return receipt_of(site->id, std::get<domain::configure_shedding>(taken.front().order), at);
       });
}

void configure_by_path(ports::engine_node& engine, const request& asked, const responder& reply) {
  configure(engine, asked, reply, std::make_shared<body_reader>(asked),
            scope_of(engine, asked.captured.front(), asked.path));
}

void configure_by_body(ports::engine_node& engine, const request& asked, const responder& reply) {
  const auto body = std::make_shared<body_reader>(asked);
  configure(engine, asked, reply, body, one_site(engine, body->id("site"), asked.path));
}

} // namespace

void add_shedding_resources(router& routes, ports::engine_node& engine) {
  routes.add(method::get, "/api/v1/sites/{site}/load-shedding",
             [&engine](const request& asked) { return show_status(engine, asked); });
  routes.add_late(method::post, "/api/v1/sites/{site}/load-shedding",
             [&engine](const request& asked, const responder& reply) {
                    configure_by_path(engine, asked, reply);
                  });
  routes.add(method::get, "/api/load-shedding/status",
             [&engine](const request& asked) { return list_status(engine, asked); });
  routes.add_late(method::post, "/api/load-shedding/configure",
             [&engine](const request& asked, const responder& reply) {
                    configure_by_body(engine, asked, reply);
                  });
}

} // namespace busbar::adapters::http::api
