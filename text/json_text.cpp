#include "text/json_text.hpp"

#include <vector>

namespace busbar::text {

using nlohmann::json;

namespace {

constexpr std::size_t told_max = 200;
constexpr std::size_t shown_max = 80;

/// Builds the document from nlohmann's events and knows where it is. (The library's own parser with
/// a callback takes quadratic time for a list of objects.) Equal names in one object would be read
/// as the last of them, and what is nested without end could not be shown without an end of the
/// stack.
class document_builder : public nlohmann::json_sax<json> {
public:
  explicit document_builder(domain::fault_list& faults) : faults_(faults) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& value) override { return put(json::binary(std::move(value))); }
  bool start_object(std::size_t /*count*/) override { return enter(json::object()); }
  bool start_array(std::size_t /*count*/) override { return enter(json::array()); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& name) override;
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override;

  json document;

private:
  struct container {
    json* value = nullptr;
    /// An object's member in hand.
    std::string name;
  };

  /// Where `value` is put.
  json* put_in_place(json value);
  bool put(json value) {
    put_in_place(std::move(value));
    return true;
  }
  bool enter(json empty);
  bool leave() {
    open_.pop_back();
    return true;
  }
  /// Of the value that is read next, or that could not be read.
  [[nodiscard]] std::string pointer() const;

  domain::fault_list& faults_;
  std::vector<container> open_;
};

json* document_builder::put_in_place(json value) {
  if (open_.empty()) {
    document = std::move(value);
    return &document;
  }
  auto& parent = *open_.back().value;
  if (parent.is_array()) return &parent.emplace_back(std::move(value));
  return &(parent[open_.back().name] = std::move(value));
}

bool document_builder::enter(json empty) {
  if (open_.size() >= json_depth_max) {
    faults_.add(domain::shortened(pointer(), told_max) + ": nested more than " +
                std::to_string(json_depth_max) + " deep: objects and lists of at most that depth");
    return false;
  }
  open_.push_back({put_in_place(std::move(empty)), {}});
  return true;
}

bool document_builder::key(string_t& name) {
  open_.back().name = std::move(name);
  if (open_.back().value->contains(open_.back().name))
    faults_.add(pointer() + ": " + shown(open_.back().name) + ": a name stands once in an object");
  return true;
}

std::string document_builder::pointer() const {
  std::string text;
  for (const auto& each : open_) {
    // What is being read is already the last element of every list around the innermost container.
    const std::size_t begun = &each == &open_.back() ? 0 : 1;
    text += "/" + (each.value->is_object() ? pointer_part(each.name)
                                           : std::to_string(each.value->size() - begun));
  }
  return text.empty() ? "/" : text;
}

/// nlohmann quotes all that it read of the last token, however long.
bool document_builder::parse_error(std::size_t /*position*/, const std::string& token,
                                   const nlohmann::detail::exception& error) {
  std::string text = error.what();
  const auto start = text.find("at line");
  if (dynamic_cast<const json::out_of_range*>(&error) != nullptr)
    faults_.add(pointer() + ": " + domain::shortened(token, shown_max) +
                ": a number of at most 1.7e308");
  else
    faults_.add("/: " + domain::shortened(text.substr(start == text.npos ? 0 : start), told_max) +
                ": a JSON document");
  return false;
}

} // namespace

std::string shown(const json& value) {
  return domain::shortened(value.dump(-1, ' ', false, json::error_handler_t::replace), shown_max);
}

std::string pointer_part(const std::string& name) {
  std::string part;
  for (const char c : name) {
    if (c == '~') part += "~0";
    else if (c == '/') part += "~1";
    else part += c;
  }
  return part;
}

std::optional<json> parse_json(const std::string& text, domain::fault_list& faults) {
  const auto before = faults.size();
  document_builder builder(faults);
  const bool is_whole = json::sax_parse(text, &builder);
  if (is_whole && faults.size() == before) return std::move(builder.document);
  return std::nullopt;
}

} // namespace busbar::text
