#include "schema_judge.hpp"

#include "domain/time_text.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>
#include <stdexcept>
#include <vector>

namespace busbar::ocpp::v16 {

using nlohmann::json;

namespace {

/// "additionalItems" says nothing where all items have one schema, which is so in all of them.
const std::set<std::string> known_rules{"$schema", "$id", "id", "title", "definitions", "type",
                                        "additionalItems",
                                        "properties", "required", "additionalProperties", "items",
                                        "enum", "maxLength", "format", "multipleOf", "minItems",
                                        "$ref", "description", "$comment", "comment", "javaType"};

void know_rules(const json& part) {
  for (const auto& rule : part.items())
    if (!known_rules.contains(rule.key()))
      throw std::runtime_error("a rule that this test does not have: " + rule.key());
}

std::size_t code_points(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char each) {
    return (static_cast<unsigned char>(each) & 0xC0U) != 0x80U;
  }));
}

bool has_type(const json& value, const std::string& type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "number") return value.is_number();
  if (type != "integer") throw std::runtime_error("a type that this test does not have: " + type);
  return value.is_number_integer() ||
         (value.is_number_float() && std::trunc(value.get<double>()) == value.get<double>());
}

/// By the shortest decimal text that reads as the number, which is what a sender has written.
bool has_at_most_one_decimal(const json& value) {
  const std::string text = value.dump();
  if (text.find('e') != text.npos) return text.find('-', 1) == text.npos;
  const auto point = text.find('.');
  return point == text.npos || text.size() - point - 1 <= 1;
}

class judge {
public:
  explicit judge(const json& whole) : whole_(whole) {}

  std::string of(const json& part_or_reference, const json& value) const {
    const auto& part = resolved(whole_, part_or_reference);
    know_rules(part);
    const auto type = part.at("type").get<std::string>();
    if (!has_type(value, type)) return "TypeConstraintViolation";
    if (type == "object") return of_object(part, value);
    if (type == "array") return of_list(part, value);
    if (type == "string") return of_text(part, value.get<std::string>());
    const bool is_fine = !part.contains("multipleOf") || has_at_most_one_decimal(value);
    return is_fine ? "" : "PropertyConstraintViolation";
  }

private:
  std::string of_object(const json& part, const json& value) const {
    const auto properties = part.value("properties", json::object());
    for (const auto& member : value.items()) {
      if (!properties.contains(member.key())) return "FormationViolation";
      const auto why = of(properties.at(member.key()), member.value());
      if (!why.empty()) return why;
    }
    for (const auto& name : part.value("required", json::array()))
      if (!value.contains(name.get<std::string>())) return "OccurenceConstraintViolation";
    return "";
  }

  std::string of_list(const json& part, const json& value) const {
    for (const auto& item : value) {
      const auto why = of(part.at("items"), item);
      if (!why.empty()) return why;
    }
    return value.size() < part.value("minItems", 0U) ? "OccurenceConstraintViolation" : "";
  }

  static std::string of_text(const json& part, const std::string& text) {
    const bool is_long =
        part.contains("maxLength") && code_points(text) > part.at("maxLength").get<std::size_t>();
    if (is_long) return "PropertyConstraintViolation";
    if (part.contains("enum") && std::find(part.at("enum").begin(), part.at("enum").end(), text) ==
                                     part.at("enum").end())
      return "PropertyConstraintViolation";
    const auto format = part.value("format", std::string{});
    if (format == "date-time" && !domain::instant_from(text)) return "TypeConstraintViolation";
    // Enough for the texts of the cases.
    static const std::regex uri("[A-Za-z][A-Za-z0-9+.-]*:[^ ]*");
    if (format == "uri" && !std::regex_match(text, uri))
      return "PropertyConstraintViolation";
    return "";
  }

  const json& whole_;
};

std::string joined(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  std::string all;
  for (const auto& each : texts) all += each + " ";
  return all;
}

void add_schema(const json& whole, const json& part_or_reference, const std::string& place,
                field_texts& fields) {
  const auto& part = resolved(whole, part_or_reference);
  std::string text = part.at("type").get<std::string>();
  if (part.contains("format") && part.at("format").is_string())
    text = part.at("format").get<std::string>();
  if (part.contains("multipleOf")) text += " of " + part.at("multipleOf").dump();
  if (part.contains("maxLength")) text += " to " + part.at("maxLength").dump();
  if (part.contains("minItems")) text += " from " + part.at("minItems").dump();
  if (part.contains("enum"))
    text += " one of " + joined(part.at("enum").get<std::vector<std::string>>());
  if (part.at("type") == "object") {
    if (part.value("additionalProperties", json(true)) != json(false)) text += " open";
    text += " requires " + joined(part.value("required", std::vector<std::string>{}));
    const auto properties = part.value("properties", json::object());
    for (const auto& member : properties.items())
      add_schema(whole, member.value(), place + "/" + member.key(), fields);
  }
  if (part.contains("items")) add_schema(whole, part.at("items"), place + "/*", fields);
  fields[place] = text;
}

void add_form(fields_of_object form, const std::string& place, field_texts& fields);

std::string type_text(const field& of) {
  switch (of.type) {
  case value_type::text: return "string";
  case value_type::integer: return "integer";
  case value_type::tenths: return "number of 0.1";
  case value_type::boolean: return "boolean";
  case value_type::time: return "date-time";
  case value_type::uri: return "uri";
  case value_type::choice: return "string one of " + joined({of.allowed.begin(), of.allowed.end()});
  default: return "array" + (of.items_min > 0 ? " from " + std::to_string(of.items_min) : "");
  }
}

void add_field(const field& of, const std::string& place, field_texts& fields) {
  if (of.type == value_type::object) return add_form(of.parts, place, fields);
  const auto length = of.length_max > 0 ? " to " + std::to_string(of.length_max) : "";
  const bool is_text_list = of.type == value_type::text_list;
  fields[place] = type_text(of) + (is_text_list ? "" : length);
  if (is_text_list) fields[place + "/*"] = "string" + length;
  if (of.type == value_type::object_list) add_form(of.parts, place + "/*", fields);
}

void add_form(fields_of_object form, const std::string& place, field_texts& fields) {
  std::vector<std::string> required;
  for (const auto& each : form) {
    if (each.need != presence::optional) required.emplace_back(each.name);
    add_field(each, place + "/" + std::string(each.name), fields);
  }
  fields[place] = "object requires " + joined(required);
}

} // namespace

const json& resolved(const json& whole, const json& part) {
  if (!part.contains("$ref")) return part;
  return whole.at(json::json_pointer(part.at("$ref").get<std::string>().substr(1)));
}

std::string judged(const schema& by, const json& payload) {
  return judge(by.text).of(by.text, payload);
}

field_texts fields_of(const schema& of) {
  field_texts fields;
  add_schema(of.text, of.text, "", fields);
  return fields;
}

field_texts fields_of(fields_of_object form) {
  field_texts fields;
  add_form(form, "", fields);
  return fields;
}

} // namespace busbar::ocpp::v16
