#include "adapters/http/json/body_reader.hpp"

#include "domain/time_text.hpp"
#include "text/json_text.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace busbar::adapters::http::json {

using namespace server;

namespace {

constexpr std::size_t id_bytes_max = 64;
/// Of the names that are allowed in a fault; the rest are left out.
constexpr std::size_t allowed_bytes_max = 400;

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool is_text(const nlohmann::json& field, std::size_t most_bytes) {
  if (!field.is_string()) return false;
  const auto& text = field.get_ref<const std::string&>();
  return !text.empty() && text.size() <= most_bytes && !has_control_character(text);
}

bool is_within(const nlohmann::json& field, std::int64_t least, std::int64_t most) {
  const bool fits = field.is_number_integer() &&
                    (!field.is_number_unsigned() ||
                     field.get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
  return fits && field.get<std::int64_t>() >= least && field.get<std::int64_t>() <= most;
}

std::string refusal_text(const nlohmann::json& field, std::int64_t least, std::int64_t most) {
  return text::shown(field) + "; allowed are whole numbers from " + std::to_string(least) + " to " +
         std::to_string(most);
}

/// "0.02", "16", "-3.5": thousandths as a decimal number.
std::string decimal_text(std::int64_t thousandths) {
  const std::int64_t size = thousandths < 0 ? -thousandths : thousandths;
  std::string fraction = std::to_string(1'000 + size % 1'000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return (thousandths < 0 ? "-" : "") + std::to_string(size / 1'000) +
         (fraction.empty() ? "" : "." + fraction);
}

/// The shortest decimal number that is this one, which is what was written: no binary fraction
/// makes 16.1 A a milliampere less. Rounded down. REQUIRES: a number, in size below 10^12.
std::int64_t thousandths_of(const nlohmann::json& field) {
  if (field.is_number_integer()) return field.get<std::int64_t>() * 1'000;
  char text[400];
  const double value = field.get<double>();
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
  const std::string_view written{text, static_cast<std::size_t>(end - text)};
  const std::size_t point = std::min(written.find('.'), written.size());
  std::string digits{written.substr(0, point)};
  const std::string_view fraction = written.substr(std::min(point + 1, written.size()));
  for (std::size_t i = 0; i < 3; ++i) digits += i < fraction.size() ? fraction[i] : '0';
  const std::int64_t towards_zero = std::stoll(digits);
  const bool is_cut = fraction.size() > 3 && value < 0; // the last digit written is never zero
  return towards_zero - (is_cut ? 1 : 0);
}

} // namespace

struct body_reader::document {
  nlohmann::json root = nlohmann::json::object();
  /// Why it is not JSON at all; empty where it is.
  std::string syntax_error;
  /// JSON pointer of this object; empty for the body.
  std::string prefix;
  /// Fields that were read.
  std::vector<std::string> known;
  /// Asked for and not read: of another form of the body, perhaps.
  std::vector<std::string> offered;
  std::vector<other_name> others;
  std::vector<own_fault> faults;

  explicit document(const std::string& text) {
    domain::fault_list unreadable;
    if (auto read = text::parse_json(text, unreadable)) root = *std::move(read);
    else syntax_error = "not JSON: " + unreadable.front();
  }

  explicit document(nlohmann::json object, std::string pointer = "")
      : root(std::move(object)), prefix(std::move(pointer)) {}

  [[nodiscard]] const nlohmann::json* find(const std::string& name) const {
    if (!root.is_object()) return nullptr;
    const auto place = root.find(name);
    return place == root.end() ? nullptr : &*place;
  }

  /// The known field that is meant by one that is not known; empty: none.
  [[nodiscard]] std::string meant_by(const std::string& name) const;
  /// The only field of one letter that is missing; empty: none, or several.
  [[nodiscard]] std::string missing_letter() const;
  /// Unknown fields first, then what is not explained by one of them.
  [[nodiscard]] std::vector<input_fault> all_faults() const;
};

std::string body_reader::document::missing_letter() const {
  std::string found;
  for (const auto& each : faults) {
    if (each.absent.size() != 1 || each.absent.front().size() != 1) continue;
    if (!found.empty()) return {};
    found = each.absent.front();
  }
  return found;
}

std::string body_reader::document::meant_by(const std::string& name) const {
  text::nearest_name nearest{name};
  for (const auto& each : known) nearest.offer(each);
  for (const auto& each : offered) nearest.offer(each);
  for (const auto& each : others) nearest.offer(each.elsewhere);
  const std::string found{nearest.found()};
  // No letter is near another one.
  if (found.empty() && name.size() == 1) return missing_letter();
  const auto other = std::ranges::find(others, found, &other_name::elsewhere);
  return other == others.end() ? found : other->here;
}

std::vector<input_fault> body_reader::document::all_faults() const {
  std::vector<input_fault> all;
  std::set<std::string, std::less<>> meant;
  for (const auto& [name, unused] : root.items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const bool is_offered = std::ranges::find(offered, name) != offered.end();
    // No more faults than this are shown.
    const bool is_shown = all.size() < listed_faults_max;
    all.push_back({prefix + "/" + name, "no such field here"});
    if (!is_shown || is_offered) continue;
    const auto other = meant_by(name);
    if (other.empty()) continue;
    all.back().detail += " (did you mean `" + other + "`?)";
    meant.insert(other);
  }
  const auto is_meant = [&](const std::string& name) { return meant.contains(name); };
  for (const auto& each : faults)
    if (std::ranges::none_of(each.absent, is_meant)) all.push_back(each.told);
  return all;
}

body_reader::body_reader(const request& asked, std::span<const other_name> others)
    : body_(std::make_unique<document>(asked.body)) {
  body_->others.assign(others.begin(), others.end());
}
body_reader::body_reader(std::unique_ptr<document> body) : body_(std::move(body)) {}
body_reader body_reader::of_optional(const request& asked) {
  // A form of another page states a type of its own, also where it sends nothing.
  const bool is_ours = asked.content_type.empty() || asked.content_type == "application/json";
  if (!asked.body.empty() || !is_ours) return body_reader{asked};
  body_reader nothing{std::make_unique<document>(nlohmann::json::object())};
  nothing.is_left_out_ = true;
  return nothing;
}
body_reader::~body_reader() = default;
body_reader::body_reader(body_reader&&) noexcept = default;
body_reader& body_reader::operator=(body_reader&&) noexcept = default;

void body_reader::refuse(const std::string& name, const std::string& why,
                         const std::vector<std::string>& absent) {
  body_->known.push_back(name);
  body_->faults.push_back({{body_->prefix + "/" + name, why}, absent});
}

void refuse_unknown(body_reader& body, const std::string& name, const std::string& value,
                    const std::string& what, const std::vector<std::string>& allowed) {
  std::string names;
  for (const auto& each : allowed)
    if (names.size() < allowed_bytes_max) names += (names.empty() ? "" : ", ") + each;
  body.refuse(name, "'" + value + "'; " + what + names + text::did_you_mean(value, allowed));
}

std::optional<std::string> body_reader::id(const std::string& name) {
  return text(name, id_bytes_max);
}

std::optional<std::string> body_reader::text(const std::string& name, std::size_t most_bytes) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  if (is_text(*field, most_bytes)) return field->get<std::string>();
  refuse(name, "a text of 1 to " + std::to_string(most_bytes) +
                   " bytes without control characters is allowed");
  return std::nullopt;
}

std::optional<std::vector<std::string>> body_reader::ids(const std::string& name,
                                                         std::size_t most) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  std::vector<std::string> found;
  bool is_fine = field->is_array() && field->size() <= most;
  for (std::size_t i = 0; is_fine && i < field->size(); ++i) {
    is_fine = is_text((*field)[i], id_bytes_max);
    if (is_fine) found.push_back((*field)[i].get<std::string>());
  }
  if (is_fine) return found;
  refuse(name, "a list of at most " + std::to_string(most) +
                   " texts of 1 to 64 bytes without control characters is allowed");
  return std::nullopt;
}

std::string body_reader::required_id(const std::string& name) {
  if (body_->find(name) == nullptr) refuse(name, "missing", {name});
  return id(name).value_or("");
}

std::optional<std::int64_t> body_reader::number(const std::string& name, std::int64_t least,
                                                std::int64_t most) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  if (is_within(*field, least, most)) return field->get<std::int64_t>();
  refuse(name, refusal_text(*field, least, most));
  return std::nullopt;
}

std::optional<std::int64_t> body_reader::thousandths(const std::string& name, std::int64_t least,
                                                     std::int64_t most) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  constexpr double size_max = 1e12;
  const bool is_small = field->is_number() && std::abs(field->get<double>()) < size_max;
  const std::int64_t value = is_small ? thousandths_of(*field) : 0;
  // What lies above the range by less than a thousandth is above it still.
  const bool is_above = is_small && field->get<double>() > static_cast<double>(most) / 1'000;
  if (is_small && !is_above && value >= least && value <= most) return value;
  refuse(name, text::shown(*field) + "; allowed are numbers from " + decimal_text(least) + " to " +
                   decimal_text(most));
  return std::nullopt;
}

std::optional<body_reader> body_reader::object(const std::string& name) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  if (field->is_object())
    return body_reader{std::make_unique<document>(*field, body_->prefix + "/" + name)};
  refuse(name, "an object is allowed");
  return std::nullopt;
}

void body_reader::close(const body_reader& inner) {
  for (input_fault& fault : inner.body_->all_faults())
    body_->faults.push_back({std::move(fault), {}});
}

std::optional<bool> body_reader::truth(const std::string& name) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  if (field->is_boolean()) return field->get<bool>();
  refuse(name, "true or false is allowed");
  return std::nullopt;
}

std::optional<domain::instant> body_reader::time(const std::string& name) {
  body_->known.push_back(name);
  const auto* field = body_->find(name);
  if (field == nullptr) return std::nullopt;
  if (field->is_string())
    if (const auto at = domain::instant_from(field->get_ref<const std::string&>())) return at;
  refuse(name, "a time as 2026-05-01T12:00:00Z is allowed (RFC 3339)");
  return std::nullopt;
}

std::optional<domain::instant> body_reader::time_after(const std::string& name,
                                                       domain::instant after,
                                                       domain::seconds most) {
  const auto at = time(name);
  if (!at || (*at > after && *at <= after + most)) return at;
  refuse(name, "'" + domain::text_of(*at) + "'; allowed is later than " + domain::text_of(after) +
                   ", up to " + domain::text_of(after + most));
  return std::nullopt;
}

std::string body_reader::required_choice(const std::string& name,
                                         std::span<const char* const> allowed) {
  body_->known.push_back(name);
  std::string names;
  const auto* field = body_->find(name);
  for (const char* each : allowed) {
    if (field != nullptr && field->is_string() && *field == each) return each;
    names += (names.empty() ? "" : ", ") + std::string(each);
  }
  if (field == nullptr) {
    refuse(name, "missing; allowed are " + names, {name});
    return "";
  }
  const auto meant = field->is_string()
                         ? text::did_you_mean(field->get_ref<const std::string&>(), allowed)
                         : std::string{};
  refuse(name, "allowed are " + names + meant);
  return "";
}

std::optional<std::string> body_reader::choice(const std::string& name,
                                               std::span<const char* const> allowed) {
  if (!has(name)) return std::nullopt;
  const std::string found = required_choice(name, allowed);
  return found.empty() ? std::nullopt : std::optional{found};
}

std::optional<domain::per_line<std::int64_t>>
body_reader::lines(const std::string& name, std::int64_t least, std::int64_t most) {
  const auto* field = body_->find(name);
  domain::per_line<std::int64_t> found{};
  if (field == nullptr || !field->is_array()) {
    const auto one = number(name, least, most);
    if (!one) return std::nullopt;
    found.fill(*one);
    return found;
  }
  body_->known.push_back(name);
  if (field->size() != found.size()) {
    refuse(name, std::to_string(field->size()) + " numbers; one for all lines or three");
    return std::nullopt;
  }
  bool is_fine = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& each = (*field)[i];
    const bool fits = is_within(each, least, most);
    if (fits) found[i] = each.get<std::int64_t>();
    else refuse(name + "/" + std::to_string(i), refusal_text(each, least, most));
    is_fine = is_fine && fits;
  }
  return is_fine ? std::optional{found} : std::nullopt;
}

bool body_reader::has(const std::string& name) {
  body_->offered.push_back(name);
  return body_->find(name) != nullptr;
}

bool body_reader::is_truth(const std::string& name) {
  body_->offered.push_back(name);
  const auto* field = body_->find(name);
  return field != nullptr && field->is_boolean();
}

bool body_reader::is_null(const std::string& name) {
  const auto* field = body_->find(name);
  if (field == nullptr || !field->is_null()) return false;
  body_->known.push_back(name);
  return true;
}

std::set<std::string> body_reader::meant_of(std::span<const char* const> all) {
  std::set<std::string> meant;
  body_->offered.insert(body_->offered.end(), all.begin(), all.end());
  const std::set<std::string> names{all.begin(), all.end()};
  std::size_t unknown = 0;
  for (const auto& [name, unused] : body_->root.items()) {
    if (names.contains(name)) meant.insert(name);
    else if (++unknown <= listed_faults_max) {
      text::nearest_name nearest{name};
      for (const char* each : all) nearest.offer(each);
      meant.emplace(nearest.found());
    }
  }
  meant.erase("");
  return meant;
}

std::optional<response> body_reader::refusal(const request& asked) const {
  if (!is_left_out_ && asked.content_type != "application/json")
    return problem(415, "the body is to be application/json, not '" + asked.content_type + "'",
                   asked.path);
  if (!body_->syntax_error.empty()) return problem(400, body_->syntax_error, asked.path);
  if (!body_->root.is_object()) return problem(422, "the body is to be an object", asked.path);
  const std::vector<input_fault> all = body_->all_faults();
  if (all.empty()) return std::nullopt;
  return problem(422, "body: " + all.front().pointer + ": " + all.front().detail, asked.path, all);
}

} // namespace busbar::adapters::http::json
