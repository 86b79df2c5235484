# busbar_embed(<variable> FILE <file> HEADER <header> NAMESPACE <name> FUNCTION <name>): a source file
# whose function returns the bytes of <file> as a std::string_view; its path goes into <variable>.
function(busbar_embed variable)
  cmake_parse_arguments(ARG "" "FILE;HEADER;NAMESPACE;FUNCTION" "" ${ARGN})
  set(source "${CMAKE_BINARY_DIR}/generated/${ARG_FILE}.cpp")
  add_custom_command(OUTPUT "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${CMAKE_SOURCE_DIR}/${ARG_FILE}" "-DOUTPUT=${source}"
            "-DHEADER=${ARG_HEADER}" "-DNAMESPACE=${ARG_NAMESPACE}" "-DFUNCTION=${ARG_FUNCTION}"
            -P "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    DEPENDS "${ARG_FILE}" "${CMAKE_SOURCE_DIR}/cmake/embed_text.cmake"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" VERBATIM)
  set(${variable} "${source}" PARENT_SCOPE)
endfunction()
