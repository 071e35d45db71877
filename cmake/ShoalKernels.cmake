# shoal_kernels(TARGET file.wgsl ...)
# Embeds kernels into TARGET: DIR/NAME.wgsl gives shoal::LAYER::NAME_kernel(), declared in "DIR/NAME.kernel.h" (the path
# from src/ on), also for whoever links TARGET. Files that a kernel imports are followed, so editing one rebuilds it.
# A WASM build cannot run what it builds: it is given the native tool with -DSHOAL_WGSL_TOOL=path.
set(SHOAL_GENERATED ${CMAKE_BINARY_DIR}/generated)

function(shoal_kernels target)
  if(SHOAL_WASM)
    if(NOT SHOAL_WGSL_TOOL)
      message(FATAL_ERROR "The WASM build needs the native tool: -DSHOAL_WGSL_TOOL=path/to/shoal_wgsl.")
    endif()
    set(tool ${SHOAL_WGSL_TOOL})
    set(form --compact)  # nobody reads comments in what a page downloads
    set(tool_dependency ${SHOAL_WGSL_TOOL})
  else()
    set(tool $<TARGET_FILE:shoal_wgsl_tool>)
    set(tool_dependency shoal_wgsl_tool)
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
  endforeach()
  target_include_directories(${target} PUBLIC ${SHOAL_GENERATED})
endfunction()
