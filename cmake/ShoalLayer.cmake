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
    # A third of what they would cost to compile is to make them fast, or to guard them, which the layer is that they
    # test. Not optimized at all, their oracles would cost more than that.
    target_compile_options(shoal_${name}_test PRIVATE -O1)
    if(SHOAL_SANITIZE)
      target_compile_options(shoal_${name}_test PRIVATE -fno-sanitize=all)
    endif()
    shoal_precompile(shoal_${name}_test shoal_base_test gpu/recorder.h <gmock/gmock.h> <gtest/gtest.h>)
    # Parts of a layer's run side by side.
    set(parts 4)
    foreach(part RANGE 1 ${parts})
      math(EXPR index "${part} - 1")
      add_test(NAME ${name}.${part} COMMAND shoal_${name}_test)
      set_tests_properties(${name}.${part} PROPERTIES TIMEOUT 900 ENVIRONMENT
        "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index};GTEST_OUTPUT=xml:${CMAKE_BINARY_DIR}/test_results/${name}.${part}.xml")
    endforeach()
  endif()
endfunction()

# shoal_precompile(TARGET OWNER HEADER...): TARGET reads the standard library's headers, fmt and these precompiled, once for
# OWNER and all that share its list; they are nine tenths of what a file costs to compile. The WASM build shares one list,
# of nothing of this tree's own, so a missing #include of that is still found there.
function(shoal_precompile target owner)
  if(SHOAL_WASM)
    set(owner shoal_base)
    list(FILTER ARGN INCLUDE REGEX "^<")
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

# shoal_fast_sources(FILE...): compiled for speed where the rest is for size, and without headers precompiled for size.
function(shoal_fast_sources)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O2 SKIP_PRECOMPILE_HEADERS ON)
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
