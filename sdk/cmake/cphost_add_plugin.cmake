# SPDX-License-Identifier: Apache-2.0
# How plugins are linked, so that two of them in one process do not meet: one exported symbol,
# nothing undefined, nothing bound late, nothing unique in the process.
include_guard(GLOBAL)
include(GNUInstallDirs)

# cphost_add_plugin(NAME kafka VERSION 1.0.0 LICENSE Apache-2.0 PROVIDES source:kafka sink:kafka
#                   SOURCES plugin.cpp ... [LIBRARIES ...])
# makes
#   NAME-objects   the plugin's code, for its unit tests
#   cphost-NAME    ${CMAKE_BINARY_DIR}/plugins/cphost-NAME.so, with its ELF note
function(cphost_add_plugin)
  cmake_parse_arguments(PARSE_ARGV 0 CPHOST "" "NAME;VERSION;LICENSE" "PROVIDES;SOURCES;LIBRARIES")
  foreach(argument NAME VERSION LICENSE PROVIDES SOURCES)
    if(NOT CPHOST_${argument})
      message(FATAL_ERROR "cphost_add_plugin: ${argument} is missing")
    endif()
  endforeach()
  if(CPHOST_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cphost_add_plugin: unknown argument ${CPHOST_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT CPHOST_NAME MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "cphost_add_plugin: NAME ${CPHOST_NAME} is not snake_case")
  endif()
  foreach(component IN LISTS CPHOST_PROVIDES)
    if(NOT component MATCHES "^(source|format|sink):[a-z][a-z0-9_]*$")
      message(FATAL_ERROR "cphost_add_plugin: PROVIDES ${component} is not as source:kafka")
    endif()
  endforeach()

  add_library(${CPHOST_NAME}-objects OBJECT ${CPHOST_SOURCES})
  target_include_directories(${CPHOST_NAME}-objects PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${CPHOST_NAME}-objects PUBLIC cphost::sdk ${CPHOST_LIBRARIES})
  target_compile_options(${CPHOST_NAME}-objects PRIVATE
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)

  list(JOIN CPHOST_PROVIDES "," CPHOST_PROVIDES)
  configure_file(${CMAKE_CURRENT_FUNCTION_LIST_DIR}/note.cpp.in
    ${CMAKE_CURRENT_BINARY_DIR}/${CPHOST_NAME}_note.cpp @ONLY)
  add_library(cphost-${CPHOST_NAME} MODULE ${CMAKE_CURRENT_BINARY_DIR}/${CPHOST_NAME}_note.cpp)
  target_link_libraries(cphost-${CPHOST_NAME} PRIVATE ${CPHOST_NAME}-objects)
  set_target_properties(${CPHOST_NAME}-objects cphost-${CPHOST_NAME} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  set_target_properties(cphost-${CPHOST_NAME} PROPERTIES
    PREFIX "" SUFFIX ".so"
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    LINK_DEPENDS ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  target_link_options(cphost-${CPHOST_NAME} PRIVATE
    -Wl,--version-script=${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map
    -Wl,-z,now -Wl,--exclude-libs,ALL)
  # Clang leaves the functions of its sanitizers to the executable.
  if(NOT (CMAKE_CXX_COMPILER_ID MATCHES Clang
      AND (CPHOST_SANITIZE OR "${CMAKE_CXX_FLAGS}" MATCHES "-fsanitize")))
    target_link_options(cphost-${CPHOST_NAME} PRIVATE -Wl,-z,defs)
  endif()
  install(TARGETS cphost-${CPHOST_NAME}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/cphost/plugins COMPONENT plugins)
endfunction()

# cphost_add_plugin_test(NAME kafka SOURCES x_test.cpp ... [LIBRARIES ...] [TARGET kafka-tests])
# makes one GoogleTest executable of tests against NAME-objects, unless CPHOST_TESTS or
# BUILD_TESTING is off.
function(cphost_add_plugin_test)
  cmake_parse_arguments(PARSE_ARGV 0 TEST "" "NAME;TARGET" "SOURCES;LIBRARIES")
  foreach(switch CPHOST_TESTS BUILD_TESTING)
    if(DEFINED ${switch} AND NOT ${switch})
      return()
    endif()
  endforeach()
  if(NOT TEST_TARGET)
    set(TEST_TARGET ${TEST_NAME}-tests)
  endif()
  find_package(GTest REQUIRED)
  include(GoogleTest)
  add_executable(${TEST_TARGET} ${TEST_SOURCES})
  set_target_properties(${TEST_TARGET} PROPERTIES
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_link_libraries(${TEST_TARGET} PRIVATE
    ${TEST_NAME}-objects ${TEST_LIBRARIES} GTest::gtest_main)
  gtest_discover_tests(${TEST_TARGET} TEST_PREFIX ${TEST_NAME}. DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT 120 LABELS unit)
endfunction()
