# shoal_kernels(TARGET file.wgsl ...)
# Embeds kernels into TARGET: DIR/NAME.wgsl gives shoal::LAYER::NAME_kernel(), declared in "DIR/NAME.kernel.h" (the path
# from src/ on), also for whoever links TARGET. Files that a kernel imports are followed, so editing one rebuilds it.
# All of TARGET's are compiled as one file: they are texts, and a compiler's start costs more than each.
# A WASM build cannot run what it builds, and a sanitized tool is slow: they are given the native one with
# -DSHOAL_WGSL_TOOL=path.
set(SHOAL_GENERATED ${CMAKE_BINARY_DIR}/generated)

function(shoal_kernels target)
  if(SHOAL_WGSL_TOOL)
    set(tool ${SHOAL_WGSL_TOOL})
    set(tool_dependency ${SHOAL_WGSL_TOOL})
  elseif(SHOAL_WASM)
    message(FATAL_ERROR "The WASM build needs the native tool: -DSHOAL_WGSL_TOOL=path/to/shoal_wgsl.")
  else()
    set(tool $<TARGET_FILE:shoal_wgsl_tool>)
    set(tool_dependency shoal_wgsl_tool)
  endif()
  set(form "")
  if(SHOAL_WASM)
    set(form --compact)  # nobody reads comments in what a page downloads
  endif()
  set(root ${CMAKE_SOURCE_DIR}/src)
  foreach(file ${ARGN})
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE path)
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY ${root} OUTPUT_VARIABLE kernel)
    cmake_path(REMOVE_EXTENSION kernel LAST_ONLY OUTPUT_VARIABLE stem)
    set(out ${SHOAL_GENERATED}/${stem}.kernel)
    add_custom_command(
      OUTPUT ${out}.cpp ${out}.h
      COMMAND ${tool} kernel ${root} ${kernel} ${SHOAL_GENERATED} ${out}.d ${form}
      DEPENDS ${tool_dependency} ${path}
      DEPFILE ${out}.d
      COMMENT "Flattening ${kernel}"
      VERBATIM)
    target_sources(${target} PRIVATE ${out}.cpp ${out}.h)
    set_source_files_properties(${out}.cpp PROPERTIES UNITY_GROUP kernels)
    if(NOT target MATCHES "_test$")
      set_property(GLOBAL APPEND PROPERTY SHOAL_KERNELS ${stem})
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${SHOAL_GENERATED}>)
endfunction()

# shoal_kernel_list(TARGET LAYER): gives TARGET "LAYER/all_kernels.h" with shoal::LAYER::all_kernels(), every kernel that
# the layers up to this one embed; so none is forgotten where all of them are tried.
function(shoal_kernel_list target owner)
  get_property(stems GLOBAL PROPERTY SHOAL_KERNELS)
  set(includes "")
  set(kernels "")
  foreach(stem ${stems})
    string(REGEX MATCH "^[^/]+" layer ${stem})
    string(REGEX MATCH "[^/]+$" name ${stem})
    string(APPEND includes "#include \"${stem}.kernel.h\"\n")
    string(APPEND kernels "      &shoal::${layer}::${name}_kernel(),\n")
  endforeach()
  set(out ${SHOAL_GENERATED}/${owner}/all_kernels)
  file(CONFIGURE OUTPUT ${out}.h CONTENT [[
// Written by cmake/ShoalKernels.cmake.
#pragma once

#include <vector>

#include "wgsl/kernel_template.h"

namespace shoal::@owner@ {
std::vector<const wgsl::Kernel*> all_kernels();
}
]] @ONLY)
  file(CONFIGURE OUTPUT ${out}.cpp CONTENT [[
// Written by cmake/ShoalKernels.cmake.
#include "@owner@/all_kernels.h"

@includes@
namespace shoal::@owner@ {
std::vector<const wgsl::Kernel*> all_kernels() {
  return {
@kernels@  };
}
}
]] @ONLY)
  target_sources(${target} PRIVATE ${out}.cpp)
  target_include_directories(${target} PRIVATE ${SHOAL_GENERATED})
endfunction()
