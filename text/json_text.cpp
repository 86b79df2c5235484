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
  document_builder(domain::fault_list& faults, std::size_t count_max)
      : faults_(faults), count_max_(count_max) {}

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
    /// An object's member in hand: its name, which stands in the object, and its value.
    const std::string* name = nullptr;
    json* member = nullptr;
  };

  /// Where `value` is put.
  json* put_in_place(json value);
  bool put(json value) {
    put_in_place(std::move(value));
    return count();
  }
  /// One more value or name; false where that is too many.
  bool count();
  bool enter(json empty);
  bool leave() {
    open_.pop_back();
    return true;
  }
  /// Of the value that is read next, or that could not be read.
  [[nodiscard]] std::string pointer() const;

  domain::fault_list& faults_;
  std::size_t count_max_;
  std::size_t count_ = 0;
  std::vector<container> open_;
};

bool document_builder::count() {
  if (++count_ <= count_max_) return true;
  faults_.add("/: more values and names than " + domain::grouped(count_max_) +
              ": a document of at most that many");
  return false;
}

json* document_builder::put_in_place(json value) {
  if (open_.empty()) {
    document = std::move(value);
    return &document;
  }
  auto& parent = *open_.back().value;
  if (parent.is_array()) return &parent.emplace_back(std::move(value));
  return &(*open_.back().member = std::move(value));
}

bool document_builder::enter(json empty) {
  if (open_.size() >= json_depth_max) {
    faults_.add(domain::shortened(pointer(), told_max) + ": nested more than " +
                std::to_string(json_depth_max) + " deep: objects and lists of at most that depth");
    return false;
  }
  open_.push_back({put_in_place(std::move(empty))});
  return count();
}

bool document_builder::key(string_t& name) {
  auto& in_hand = open_.back();
  const auto [at, is_new] =
      in_hand.value->get_ref<json::object_t&>().try_emplace(std::move(name), nullptr);
  in_hand.name = &at->first;
  in_hand.member = &at->second;
  if (is_new) return count();
  const bool is_kept = faults_.size() < domain::fault_list::kept_max;
  faults_.add(is_kept ? pointer() + ": " + shown(at->first) + ": a name stands once in an object"
                      : "");
  return count();
}

std::string document_builder::pointer() const {
  std::string text;
  for (const auto& each : open_) {
    // What is being read is already the last element of every list around the innermost container.
    const std::size_t begun = &each == &open_.back() ? 0 : 1;
    const bool is_object = each.value->is_object();
    text += "/" + (is_object && each.name ? pointer_part(*each.name)
                   : is_object            ? std::string{}
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

std::optional<json> parse_json(const std::string& text, domain::fault_list& faults,
                               std::size_t count_max) {
  const auto before = faults.size();
  document_builder builder(faults, count_max);
  const bool is_whole = json::sax_parse(text, &builder);
  if (is_whole && faults.size() == before) return std::move(builder.document);
  return std::nullopt;
}

} // namespace busbar::text
