# Writes OUTPUT: a C++ function that returns the text of INPUT (see BusbarEmbed.cmake).
file(READ "${INPUT}" text)
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
  // Counted by its size: a longer text than 262 144 bytes is too much for a constant length().
  static constexpr char text[] = R\"busbar(${text})busbar\";
  return {text, sizeof text - 1};
}

} // namespace ${NAMESPACE}
")
