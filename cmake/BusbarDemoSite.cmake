# Generates apps/demo/demo_site.hpp: the demo's site file as text inside the binary.
set(busbar_demo_site "${CMAKE_SOURCE_DIR}/examples/autonomous.toml")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${busbar_demo_site}")
file(READ "${busbar_demo_site}" BUSBAR_DEMO_SITE)
configure_file("${CMAKE_SOURCE_DIR}/apps/demo/demo_site.hpp.in"
               "${CMAKE_BINARY_DIR}/generated/apps/demo/demo_site.hpp" @ONLY)
