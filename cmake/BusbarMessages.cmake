# Generates one C++ header per FlatBuffers schema into <build>/generated/messages/schema/.
find_program(FLATC flatc REQUIRED)
file(GLOB BUSBAR_SCHEMAS CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/messages/schema/*.fbs")
set(BUSBAR_SCHEMA_HEADERS)
foreach(schema ${BUSBAR_SCHEMAS})
  get_filename_component(stem "${schema}" NAME_WE)
  set(header "${CMAKE_BINARY_DIR}/generated/messages/schema/${stem}_generated.h")
  add_custom_command(OUTPUT "${header}"
    COMMAND "${FLATC}" --cpp --scoped-enums --cpp-std c++17 --filename-suffix _generated
            -I "${CMAKE_SOURCE_DIR}/messages/schema"
            -o "${CMAKE_BINARY_DIR}/generated/messages/schema" "${schema}"
    DEPENDS ${BUSBAR_SCHEMAS} VERBATIM)
  list(APPEND BUSBAR_SCHEMA_HEADERS "${header}")
endforeach()
