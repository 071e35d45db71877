# find_package(shoal) gives shoal::primitives, with shoal::gpu beneath it, and shoal::wgpu, the wgpu-native they were
# built against. Needs fmt, as <fmt/format.h> of the system.
include(CMakeFindDependencyMacro)
find_dependency(fmt)
find_dependency(Threads)

get_filename_component(shoal_prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
if(NOT TARGET shoal::wgpu)
  add_library(shoal::wgpu SHARED IMPORTED)
  set_target_properties(shoal::wgpu PROPERTIES
    IMPORTED_LOCATION ${shoal_prefix}/lib/libwgpu_native-release.so
    IMPORTED_NO_SONAME TRUE
    INTERFACE_INCLUDE_DIRECTORIES ${shoal_prefix}/include/shoal/wgpu_native)
endif()
unset(shoal_prefix)

include(${CMAKE_CURRENT_LIST_DIR}/shoalTargets.cmake)
