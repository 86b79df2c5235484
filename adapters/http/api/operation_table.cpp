#include "adapters/http/api/operation_table.hpp"

#include "adapters/http/api/openapi_text.hpp"
#include "control/access/rate_limiter.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

namespace busbar::adapters::http::api {

namespace {

using control::access::operation_terms;
using control::access::rate_class;
using nlohmann::json;

constexpr std::array verbs{"get", "post", "put", "patch", "delete"};
constexpr std::array rates{rate_class::none, rate_class::strict, rate_class::standard,
                           rate_class::relaxed};

std::string text_in(const json& operation, const char* name) {
  const auto found = operation.find(name);
  return found != operation.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string{};
}

bool has_mark(const json& operation, const char* mark) {
  const auto found = operation.find("x-access");
  return found != operation.end() && found->is_array() &&
         std::find(found->begin(), found->end(), mark) != found->end();
}

std::optional<operation_terms> terms_of(const json& operation) {
  operation_terms terms;
  const auto role = text_in(operation, "x-least-role");
  terms.least = domain::role_from(role);
  if (!terms.least && role != "nobody") return std::nullopt;
  const auto rate = text_in(operation, "x-rate");
  const auto* found = std::find_if(rates.begin(), rates.end(), [&](rate_class each) {
    return rate == control::access::name_of(each);
  });
  if (found == rates.end()) return std::nullopt;
  terms.rate = *found;
  terms.is_of_all_sites = has_mark(operation, "all-sites");
  terms.is_for_expired = has_mark(operation, "expired-password");
  terms.is_for_people = has_mark(operation, "people");
  return terms;
}

} // namespace

domain::result<operation_table> read_operations(std::string_view openapi) {
  const auto contract = json::parse(openapi, nullptr, false);
  operation_table table;
  if (!contract.is_object() || !contract.contains("paths"))
    return domain::error{domain::errc::malformed, "openapi.json: no paths"};
  for (const auto& [path, operations] : contract["paths"].items())
    for (const char* verb : verbs) {
      if (!operations.contains(verb)) continue;
      std::string name{verb};
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return static_cast<char>(c - 32); });
      name += " " + path;
      const auto terms = terms_of(operations[verb]);
      if (!terms)
        return domain::error{domain::errc::malformed,
                             "openapi.json: " + name + ": x-least-role or x-rate is not stated"};
      table.emplace(name, *terms);
    }
  return table;
}

const operation_table& own_operations() {
  static const operation_table table = [] {
    auto read = read_operations(openapi_text());
    assert(read);
    return std::move(read.value());
  }();
  return table;
}

} // namespace busbar::adapters::http::api
