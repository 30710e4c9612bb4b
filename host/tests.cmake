# SPDX-License-Identifier: Apache-2.0
# Tests of the host, beside what they test. The plugins that they load are plain C against the contract's headers alone.
find_package(GTest REQUIRED)
include(GoogleTest)

set(test_plugins ${CMAKE_CURRENT_BINARY_DIR}/test_plugins)
set(test_plugin_targets)
foreach(name IN ITEMS sample aborting noteless newer_abi dishonest unresolved)
  add_library(cphost_test_${name} MODULE plugins/testdata/${name}.c)
  target_include_directories(cphost_test_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/../sdk/include)
  set_target_properties(cphost_test_${name} PROPERTIES
    PREFIX ""
    OUTPUT_NAME ${name}
    C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${test_plugins})
  list(APPEND test_plugin_targets cphost_test_${name})
endforeach()
# Even where the build type asks for it: this one lacks a symbol on purpose.
target_link_options(cphost_test_unresolved PRIVATE -Wl,-z,lazy,-z,undefs)

add_executable(cphost_host_test
  cli/command_line_test.cpp
  cli/commands_test.cpp
  cli/completeness_text_test.cpp
  cli/core_dumps_test.cpp
  cli/point_in_time_test.cpp
  cli/describe_test.cpp
  cli/positions_command_test.cpp
  config/connections_test.cpp
  config/nearest_name_test.cpp
  config/option_binding_test.cpp
  config/pipe_config_builder_test.cpp
  config/pipe_file_test.cpp
  config/reject_limit_test.cpp
  config/secrets_test.cpp
  config/units_test.cpp
  exit_code_test.cpp
  plugins/catalog_test.cpp
  plugins/elf_note_test.cpp
  plugins/file_trust_test.cpp
  plugins/object_env_test.cpp
  report/log_test.cpp
  report/progress_test.cpp
  report/summary_test.cpp
  replay/replayed_records_test.cpp
  verify/completeness_test.cpp)
target_compile_definitions(cphost_host_test PRIVATE
  CPHOST_TEST_PLUGINS="${test_plugins}"
  CPHOST_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/cli/testdata"
  CPHOST_TEST_EXECUTABLE="$<TARGET_FILE:cphost>")
target_link_libraries(cphost_host_test PRIVATE cphost_core GTest::gtest_main)
add_dependencies(cphost_host_test ${test_plugin_targets} cphost)
gtest_discover_tests(cphost_host_test DISCOVERY_MODE PRE_TEST)

# Whole pipes in the process, with fake components; pipe_random_test.cpp says how to repeat a seed.
add_library(host_pipe_fakes OBJECT
  pipe/testing/arrays.cpp
  pipe/testing/fake_format.cpp
  pipe/testing/fake_sink.cpp
  pipe/testing/fake_source.cpp
  pipe/testing/pipe_run.cpp)
target_link_libraries(host_pipe_fakes PUBLIC cphost_core GTest::gtest_main)

add_executable(host_pipe_test
  pipe/arrow_size_test.cpp
  pipe/binding_test.cpp
  pipe/block_test.cpp
  pipe/error_rows_test.cpp
  pipe/gather_test.cpp
  pipe/journal_test.cpp
  pipe/memory_budget_test.cpp
  pipe/note_test.cpp
  pipe/pipe_exactly_once_test.cpp
  pipe/pipe_halt_test.cpp
  pipe/pipe_random_test.cpp
  pipe/pipe_source_failure_test.cpp
  pipe/pipe_stop_test.cpp
  pipe/pipe_target_failure_test.cpp
  pipe/pipe_test.cpp
  pipe/record_batch_test.cpp
  pipe/reject_meter_test.cpp
  pipe/retry_test.cpp
  pipe/writers_test.cpp)
target_link_libraries(host_pipe_test PRIVATE host_pipe_fakes)
gtest_discover_tests(host_pipe_test DISCOVERY_MODE PRE_TEST)

# Negative controls: without one of the safeguards the random pipes find what it guards against, and with all of them
# nothing. The library's members that know of them are left out for those compiled here.
add_executable(host_negative_controls
  pipe/pipe_random_test.cpp
  pipe/stream.cpp
  pipe/worker_ranges.cpp
  pipe/writers_write.cpp)
target_compile_definitions(host_negative_controls PRIVATE CPHOST_NEGATIVE_CONTROLS)
target_link_libraries(host_negative_controls PRIVATE host_pipe_fakes)
function(add_negative_control without test finding)
  add_test(NAME NegativeControl.${without}
    COMMAND host_negative_controls --gtest_filter=PipeRandomTest.nothing_is_lost_and_nothing_doubled_${test})
  set_tests_properties(NegativeControl.${without} PROPERTIES
    ENVIRONMENT "CPHOST_WITHOUT=${without};CPHOST_SEEDS=100"
    PASS_REGULAR_EXPRESSION "${finding}")
endfunction()
add_negative_control(watermark without_cause "is committed up to [0-9]+ over [0-9]+")
add_negative_control(note exactly_once "not noted: cp1:test:")
add_negative_control(epoch without_cause "rows of a stream that was let go are sent")
add_negative_control(nothing exactly_once "PASSED  . 1 test")

if(NOT CPHOST_SANITIZE)
  add_test(NAME cphost_linkage COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/linkage_test.sh $<TARGET_FILE:cphost>)
endif()
