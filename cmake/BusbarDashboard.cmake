# The library busbar_dashboard: the page's files as bytes (dashboard/assets.hpp). It is built with
# what needs it (the binary), from dashboard/ by npm; a page once built from the same sources is
# taken from the cache (BUSBAR_DASHBOARD_CACHE, ~/.cache/busbar-dashboard). Without the option
# BUSBAR_DASHBOARD it holds no file.
file(GLOB_RECURSE page_inputs CONFIGURE_DEPENDS
  "${CMAKE_SOURCE_DIR}/dashboard/source/*" "${CMAKE_SOURCE_DIR}/dashboard/public/*")
foreach(name package.json package-lock.json .npmrc index.html vite.config.ts svelte.config.js
        tsconfig.json)
  list(APPEND page_inputs "${CMAKE_SOURCE_DIR}/dashboard/${name}")
endforeach()

set(page_source "${CMAKE_BINARY_DIR}/generated/dashboard/assets.cpp")
set(page_script "${CMAKE_SOURCE_DIR}/cmake/build_dashboard.cmake")
set(page_workspace "${CMAKE_BINARY_DIR}/dashboard")
set(page_step "${CMAKE_COMMAND}" "-DPROJECT=${CMAKE_SOURCE_DIR}" "-DWORKSPACE=${page_workspace}"
  "-DOUTPUT=${page_source}" "-DWITH_PAGE=${BUSBAR_DASHBOARD}")
add_custom_command(OUTPUT "${page_source}"
  COMMAND ${page_step} -DSTEP=assets -P "${page_script}"
  DEPENDS ${page_inputs} "${page_script}" "${CMAKE_CURRENT_LIST_FILE}"
  COMMENT "Building the page" VERBATIM)

add_library(busbar_dashboard STATIC EXCLUDE_FROM_ALL "${page_source}")
target_include_directories(busbar_dashboard PUBLIC "${CMAKE_SOURCE_DIR}")

# busbar_dashboard_test(name label COMMAND npm-script... [ENVIRONMENT ...]): tests/dashboard/ run by
# vitest in the workspace, which the first of them prepares.
function(busbar_dashboard_test name label)
  cmake_parse_arguments(ARG "" "" "COMMAND;ENVIRONMENT" ${ARGN})
  add_test(NAME dashboard.${name} COMMAND npm run --silent ${ARG_COMMAND}
    WORKING_DIRECTORY "${page_workspace}/dashboard")
  set_tests_properties(dashboard.${name} PROPERTIES LABELS ${label} TIMEOUT 1800
    FIXTURES_REQUIRED dashboard_workspace RESOURCE_LOCK dashboard_workspace
    ENVIRONMENT "BUSBAR_DIST=${page_workspace}/page;BUSBAR_ARTIFACTS=${CMAKE_BINARY_DIR}/artifacts;\
BUSBAR_BINARY=$<TARGET_FILE:busbar>;BUSBAR_PROJECT=${CMAKE_SOURCE_DIR};${ARG_ENVIRONMENT}")
endfunction()

function(busbar_dashboard_tests)
  if(NOT BUSBAR_DASHBOARD)
    return()
  endif()
  add_test(NAME dashboard.workspace COMMAND ${page_step} -DSTEP=workspace -P "${page_script}")
  set_tests_properties(dashboard.workspace PROPERTIES LABELS fast TIMEOUT 1800
    FIXTURES_SETUP dashboard_workspace)
  busbar_dashboard_test(types fast COMMAND check)
  busbar_dashboard_test(units fast COMMAND unit -- unit)
  busbar_dashboard_test(operator system COMMAND unit -- operator)
  busbar_dashboard_test(crowd system COMMAND unit -- crowd)
  busbar_dashboard_test(control system COMMAND unit -- control)
  busbar_dashboard_test(access system COMMAND unit -- access)
  busbar_dashboard_test(diagram system COMMAND unit -- diagram.page)
  busbar_dashboard_test(sites system COMMAND unit -- sites.page)
  busbar_dashboard_test(users system COMMAND unit -- users.page)
  busbar_dashboard_test(nodes system COMMAND unit -- nodes.page)
  busbar_dashboard_test(demo system COMMAND unit -- operator control
    ENVIRONMENT BUSBAR_PAGE_ENGINE=demo)
  # Their goals are times (tests/CMakeLists.txt).
  set_tests_properties(dashboard.crowd dashboard.sites PROPERTIES
    RESOURCE_LOCK "dashboard_workspace;processor")
endfunction()
