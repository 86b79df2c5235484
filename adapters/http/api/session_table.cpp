#include "adapters/http/api/session_table.hpp"

#include "adapters/http/api/session_writer.hpp"
#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace busbar::adapters::http::api {

namespace {

constexpr std::string_view names =
    "session,request,site,station,connector,driver,state,started_at,ended_at,energy_wh,cost_micro,"
    "currency,why,energy_wanted_wh,departs_at,register_start_wh,register_now_wh\r\n";

/// A program that shows tables takes text that begins so for a formula, and runs it: with an
/// apostrophe in front, and in quotes, it is text. A number below zero is a number.
bool is_like_formula(const std::string& text) {
  if (text.empty() || std::string_view{"=+-@\t\r"}.find(text.front()) == std::string_view::npos)
    return false;
  return text.front() != '-' || text.find_first_not_of("0123456789", 1) != std::string::npos;
}

/// In quotes where it has to be.
std::string field_of(const std::string& text) {
  const bool is_guarded = is_like_formula(text);
  if (!is_guarded && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = is_guarded ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string text_or_none(const std::optional<domain::instant>& at) {
  return at ? domain::text_of(*at) : std::string{};
}

std::string text_or_none(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : std::string{};
}

} // namespace

session_table::session_table(const ports::engine_node& engine) : engine_(engine), text_(names) {}

void session_table::add(const domain::session_fact& fact) {
  const auto view = json::whole_view(engine_, fact.site);
  const bool is_open = fact.kind == domain::session_fact_kind::in_progress;
  const std::vector<std::string> fields{
      fact.session.text(), fact.request.text(), fact.site.text(), fact.station.text(),
      fact.connector ? fact.connector->text() : std::string{}, fact.driver.text(), state_of(fact),
      text_or_none(fact.began_at), is_open ? std::string{} : domain::text_of(fact.at),
      std::to_string(fact.energy.count()), std::to_string(fact.cost.count()),
      view != nullptr ? view->topology->currency : std::string{}, fact.why,
      fact.energy_wanted ? std::to_string(fact.energy_wanted->count()) : std::string{},
      text_or_none(fact.departs_at), text_or_none(fact.register_start_wh),
      text_or_none(fact.register_now_wh)};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text_ += ',';
    text_ += field_of(fields[i]);
  }
  text_ += "\r\n";
}

} // namespace busbar::adapters::http::api
