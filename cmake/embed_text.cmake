# Writes OUTPUT: a C++ function that returns the text of INPUT (see BusbarEmbed.cmake).
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
  static constexpr std::string_view text = R\"busbar(${text})busbar\";
  return text;
}

} // namespace ${NAMESPACE}
")
