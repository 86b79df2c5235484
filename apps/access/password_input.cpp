#include "apps/access/password_input.hpp"

#include "control/access/password_policy.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

namespace busbar::apps {

namespace {

/// While it lives, the terminal shows nothing of what is typed.
class silent_terminal {
public:
  silent_terminal() {
    is_set_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_set_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~silent_terminal() {
    if (is_set_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }
  silent_terminal(const silent_terminal&) = delete;
  silent_terminal& operator=(const silent_terminal&) = delete;

private:
  termios before_{};
  bool is_set_ = false;
};

domain::result<std::string> read_line() {
  std::string line;
  for (char c = 0; std::cin.get(c) && c != '\n';) {
    line.push_back(c);
    if (line.size() > control::access::password_bytes_max + 1)
      return domain::error{domain::errc::malformed, "a password has at most 256 bytes"};
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.empty()) return domain::error{domain::errc::malformed, "no password came"};
  return line;
}

domain::result<std::string> ask(const std::string& prompt) {
  // First: what is typed before it is thrown away, and what is typed at the prompt is not shown.
  const silent_terminal silent;
  std::cerr << prompt << ": " << std::flush;
  return read_line();
}

} // namespace

domain::result<std::string> read_password(const std::string& prompt) {
  if (::isatty(STDIN_FILENO) == 0) return read_line();
  auto first = ask(prompt);
  if (!first) return first;
  const auto again = ask("again");
  if (!again) return again.failure();
  if (again.value() != first.value())
    return domain::error{domain::errc::malformed, "the two passwords differ"};
  return first;
}

} // namespace busbar::apps
