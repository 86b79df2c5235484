#include "control/access/password_policy.hpp"

#include <algorithm>
#include <array>

namespace busbar::control::access {

namespace {

constexpr std::size_t name_bytes_max = 64;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Bytes of UTF-8 beyond ASCII count as letters of neither case.
bool is_symbol(char c) {
  return c >= ' ' && c <= '~' && !is_lower(c) && !is_upper(c) && !is_digit(c);
}

std::string lowered(std::string_view text) {
  std::string low{text};
  std::transform(low.begin(), low.end(), low.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; });
  return low;
}

/// Letters alone, without what stands before and behind them, and with what is often written in
/// their places undone: "P@ssw0rd!!1" is "password".
std::string letters_of(std::string_view text) {
  constexpr std::string_view written = "@4301!$57";
  constexpr std::string_view meant = "aaeoiisst";
  const auto is_letter = [](char c) { return is_lower(c) || is_upper(c); };
  while (!text.empty() && !is_letter(text.front())) text.remove_prefix(1);
  while (!text.empty() && !is_letter(text.back())) text.remove_suffix(1);
  std::string letters;
  for (const char c : lowered(text)) {
    const auto at = written.find(c);
    const char letter = at == std::string_view::npos ? c : meant[at];
    if (is_lower(letter)) letters.push_back(letter);
  }
  return letters;
}

/// What common passwords are made of once digits and symbols are added to please a rule.
constexpr std::array common_words{
    "password", "passwort", "welcome",  "admin",    "administrator", "qwerty",   "qwertyuiop",
    "qwertz",   "letmein",  "iloveyou", "changeme", "secret",        "default",  "abc",
    "abcdef",   "busbar",   "charging", "monkey",   "dragon",        "football", "baseball",
    "sunshine", "princess", "summer",   "winter",   "spring",        "autumn",   "login",
    "master",   "superman", "operator", "viewer",   "test",          "testtest", "asdfghjkl",
    "zxcvbnm",  "trustno",  "hello",    "charlie",  "michael",       "jordan",   "hunter",
};

/// Whether it is a common word, perhaps written twice or more, and nothing else.
bool is_common(std::string_view password) {
  const auto letters = letters_of(password);
  return std::any_of(common_words.begin(), common_words.end(), [&](std::string_view word) {
    if (letters.empty() || letters.size() % word.size() != 0) return false;
    for (std::size_t i = 0; i < letters.size(); i += word.size())
      if (std::string_view{letters}.substr(i, word.size()) != word) return false;
    return true;
  });
}

/// "aaaaaaaaaA1!" and the like.
bool has_few_characters(std::string_view password) {
  constexpr std::ptrdiff_t different_min = 5;
  std::string sorted{password};
  std::sort(sorted.begin(), sorted.end());
  return std::unique(sorted.begin(), sorted.end()) - sorted.begin() < different_min;
}

bool is_name_byte(char c) {
  constexpr std::string_view marks = "-._@";
  return is_lower(c) || is_upper(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
}

} // namespace

std::vector<std::string> password_faults(std::string_view password, std::string_view name) {
  std::vector<std::string> faults;
  const auto need = [&](bool is_met, const char* what) {
    if (!is_met) faults.emplace_back(what);
  };
  const auto has = [&](auto is) { return std::any_of(password.begin(), password.end(), is); };
  need(password.size() >= password_bytes_min, "it has at least 12 characters");
  need(password.size() <= password_bytes_max, "it has at most 256 bytes");
  need(has(is_upper), "it has an upper case letter");
  need(has(is_lower), "it has a lower case letter");
  need(has(is_digit), "it has a digit");
  need(has(is_symbol), "it has a symbol, such as - or !");
  const auto own = lowered(name);
  need(own.empty() || lowered(password).find(own) == std::string::npos,
       "the user's name is no part of it");
  need(!is_common(password) && !has_few_characters(password), "it is not a common one");
  return faults;
}

password_age age_of(domain::instant changed_at, domain::instant now, const password_ages& ages) {
  const auto age = now - changed_at;
  if (age >= ages.life) return password_age::expired;
  return age >= ages.warned_after ? password_age::warned : password_age::fresh;
}

std::optional<std::string> user_name_fault(std::string_view name) {
  const bool is_right = !name.empty() && name.size() <= name_bytes_max &&
                        std::all_of(name.begin(), name.end(), is_name_byte) &&
                        (is_lower(name[0]) || is_upper(name[0]) || is_digit(name[0]));
  if (is_right) return std::nullopt;
  return "a user's name has 1 to 64 of letters, digits and -._@, and begins with a letter or digit";
}

} // namespace busbar::control::access
