# Flags on one interface target. Assertions stay on in every build.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Dev CACHE STRING "Dev, Release" FORCE)
endif()
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 "${CCACHE}")
endif()

option(BUSBAR_WERROR "Warnings are errors" ON)
set(BUSBAR_SANITIZE "" CACHE STRING "address, thread, fuzz (clang), or empty")
add_library(busbar_flags INTERFACE)
target_compile_options(busbar_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  -Wno-missing-field-initializers)
if(BUSBAR_WERROR)
  target_compile_options(busbar_flags INTERFACE -Werror)
endif()
target_include_directories(busbar_flags INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
if(BUSBAR_SANITIZE STREQUAL "address")
  # CAF 0.17 binds null references on purpose in places; hence -fno-sanitize=null.
  set(busbar_sanitizer -fsanitize=address,undefined -fno-sanitize=null,vptr -fno-omit-frame-pointer)
elseif(BUSBAR_SANITIZE STREQUAL "thread")
  # Asio's fences are not modelled; the mutexes and queues around them are.
  set(busbar_sanitizer -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
elseif(BUSBAR_SANITIZE STREQUAL "fuzz")
  set(busbar_sanitizer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
      -fno-omit-frame-pointer)
endif()
if(busbar_sanitizer)
  add_compile_options(${busbar_sanitizer})
  add_link_options(${busbar_sanitizer})
endif()
