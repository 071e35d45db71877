# shoal_layer(NAME
#   SOURCES         files for every target, WASM included (no exceptions, no RTTI, no threads, no iostream there)
#   NATIVE_SOURCES  files for the native build only
#   DEPENDS         shoal:: targets of lower layers, and libraries
#   NATIVE_DEPENDS  libraries of the native build only
#   TESTS           *_test.cpp files, built into one GoogleTest program shoal_NAME_test
#   GPU_TESTS       its tests open devices: what a failing one said to them is kept in build/traces
#   TEST_DEPENDS    more libraries for it)
# A layer without SOURCES is header-only.
function(shoal_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 L "GPU_TESTS" "" "SOURCES;NATIVE_SOURCES;DEPENDS;NATIVE_DEPENDS;TESTS;TEST_DEPENDS")
  if(NOT SHOAL_WASM)
    list(APPEND L_SOURCES ${L_NATIVE_SOURCES})
    list(APPEND L_DEPENDS ${L_NATIVE_DEPENDS})
  endif()
  if(L_SOURCES)
    add_library(shoal_${name} STATIC ${L_SOURCES})
    target_include_directories(shoal_${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src>)
    target_link_libraries(shoal_${name} PRIVATE $<BUILD_INTERFACE:shoal_flags> PUBLIC ${L_DEPENDS})
    if(name MATCHES "^(base|wgsl|view)$")  # what needs no gpu
      shoal_precompile(shoal_${name} shoal_base)
    else()
      shoal_precompile(shoal_${name} shoal_gpu gpu/recorder.h)
    endif()
  else()
    add_library(shoal_${name} INTERFACE)
    target_include_directories(shoal_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(shoal_${name} INTERFACE ${L_DEPENDS})
  endif()
  add_library(shoal::${name} ALIAS shoal_${name})
  if(SHOAL_TESTS AND L_TESTS)
    add_executable(shoal_${name}_test ${L_TESTS})
    target_link_libraries(shoal_${name}_test PRIVATE shoal_flags shoal::${name} ${L_TEST_DEPENDS}
      GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_definitions(shoal_${name}_test PRIVATE SHOAL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(L_GPU_TESTS)
      target_sources(shoal_${name}_test PRIVATE ${CMAKE_SOURCE_DIR}/src/gpu/native/keep_failed_traces.cpp)
    endif()
    shoal_precompile(shoal_${name}_test shoal_base_test gpu/recorder.h <gmock/gmock.h> <gtest/gtest.h>)
    if(SHOAL_SANITIZE)
      # They are slow: parts of a layer's run side by side.
      set(parts 4)
      foreach(part RANGE 1 ${parts})
        math(EXPR index "${part} - 1")
        add_test(NAME ${name}.${part} COMMAND shoal_${name}_test)
        set_tests_properties(${name}.${part} PROPERTIES TIMEOUT 900
          ENVIRONMENT "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index}")
      endforeach()
    else()
      add_test(NAME ${name} COMMAND shoal_${name}_test)
      set_tests_properties(${name} PROPERTIES TIMEOUT 900)
    endif()
  endif()
endfunction()

# shoal_precompile(TARGET OWNER HEADER...): TARGET reads the standard library's headers, fmt and these precompiled, once for
# OWNER and all that share its list; they are nine tenths of what a file costs to compile. The WASM build reads every
# file as it stands, so a missing #include is still found there.
function(shoal_precompile target owner)
  if(SHOAL_WASM)
    return()
  endif()
  if(NOT target STREQUAL owner)
    target_precompile_headers(${target} REUSE_FROM ${owner})
    return()
  endif()
  list(TRANSFORM ARGN PREPEND "${CMAKE_SOURCE_DIR}/src/" REGEX "^[^<]")
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <cmath> <cstring> <filesystem> <functional> <map> <memory>
    <optional> <span> <string> <string_view> <unordered_map> <vector> <fmt/format.h>
    "${CMAKE_SOURCE_DIR}/src/base/result.h" ${ARGN})
endfunction()

# shoal_fuzzers(LAYER FILE_fuzz.cpp...): one program for each file, which defines LLVMFuzzerTestOneInput. `./dev check`
# builds and runs them; X_fuzz starts from the files in testdata/X of the build tree, if there are any.
function(shoal_fuzzers layer)
  if(SHOAL_FUZZ)
    foreach(source ${ARGN})
      get_filename_component(name ${source} NAME_WE)
      add_executable(${name} ${source})
      target_link_libraries(${name} PRIVATE shoal_flags shoal::${layer})
      target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    endforeach()
  endif()
endfunction()
