# SPDX-License-Identifier: Apache-2.0
#
# Defines cphost::rdkafka, the librdkafka that the Kafka plugins, the test programs and the benches
# link. Include it from the top-level CMakeLists.txt.
#
#   CPHOST_LIBRDKAFKA=bundled  the static library that scripts/build_librdkafka.sh builds (default)
#   CPHOST_LIBRDKAFKA=system   what pkg-config finds, 2.0.2 or newer
#   CPHOST_LIBRDKAFKA_ROOT     where "bundled" looks (default: where that script installs)
#
# Link it PRIVATE: the static library's symbols are hidden, so they stay inside what links them.

if(TARGET cphost::rdkafka)
  return()
endif()

set(CPHOST_LIBRDKAFKA "bundled" CACHE STRING "Which librdkafka to link: bundled or system")
set_property(CACHE CPHOST_LIBRDKAFKA PROPERTY STRINGS bundled system)

find_package(PkgConfig REQUIRED)

if(CPHOST_LIBRDKAFKA STREQUAL "bundled")
  if(DEFINED ENV{CPHOST_CACHE})
    set(_cphost_cache "$ENV{CPHOST_CACHE}")
  elseif(DEFINED ENV{XDG_CACHE_HOME})
    set(_cphost_cache "$ENV{XDG_CACHE_HOME}/cphost")
  else()
    set(_cphost_cache "$ENV{HOME}/.cache/cphost")
  endif()
  set(CPHOST_LIBRDKAFKA_ROOT "${_cphost_cache}/librdkafka-2.12.0" CACHE PATH
      "Prefix of the static librdkafka")
  set(_rdkafka_library "${CPHOST_LIBRDKAFKA_ROOT}/lib/librdkafka.a")
  if(NOT EXISTS "${_rdkafka_library}")
    message(FATAL_ERROR
      "No librdkafka in CPHOST_LIBRDKAFKA_ROOT=${CPHOST_LIBRDKAFKA_ROOT} (lib/librdkafka.a is "
      "missing). Run scripts/build_librdkafka.sh, or configure with -DCPHOST_LIBRDKAFKA=system.")
  endif()

  find_package(CURL REQUIRED)
  find_package(OpenSSL REQUIRED)
  find_package(ZLIB REQUIRED)
  find_package(Threads REQUIRED)
  pkg_check_modules(CPHOST_RDKAFKA_CODECS REQUIRED IMPORTED_TARGET libzstd liblz4)

  add_library(cphost::rdkafka STATIC IMPORTED GLOBAL)
  set_target_properties(cphost::rdkafka PROPERTIES
    IMPORTED_LOCATION "${_rdkafka_library}"
    IMPORTED_LINK_INTERFACE_LANGUAGES C
    INTERFACE_INCLUDE_DIRECTORIES "${CPHOST_LIBRDKAFKA_ROOT}/include"
    INTERFACE_COMPILE_DEFINITIONS LIBRDKAFKA_STATICLIB)
  target_link_libraries(cphost::rdkafka INTERFACE
    PkgConfig::CPHOST_RDKAFKA_CODECS CURL::libcurl OpenSSL::SSL OpenSSL::Crypto ZLIB::ZLIB
    Threads::Threads ${CMAKE_DL_LIBS} m)
elseif(CPHOST_LIBRDKAFKA STREQUAL "system")
  pkg_check_modules(CPHOST_RDKAFKA_SYSTEM REQUIRED IMPORTED_TARGET "rdkafka>=2.0.2")
  add_library(cphost::rdkafka INTERFACE IMPORTED GLOBAL)
  target_link_libraries(cphost::rdkafka INTERFACE PkgConfig::CPHOST_RDKAFKA_SYSTEM)
else()
  message(FATAL_ERROR "CPHOST_LIBRDKAFKA is \"${CPHOST_LIBRDKAFKA}\", not bundled or system")
endif()
