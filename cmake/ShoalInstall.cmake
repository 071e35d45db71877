# What `cmake --install` puts down: the library up to `primitives` with wgpu-native, for find_package(shoal). Headers
# lie in include/shoal and name each other as <shoal/...>, so that nothing of it meets a folder "gpu" of somebody else's.

# shoal_public_headers(FILE...): headers of this folder that a program outside may include, and those they include.
function(shoal_public_headers)
  foreach(file ${ARGN})
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE path)
    set_property(GLOBAL APPEND PROPERTY SHOAL_PUBLIC_HEADERS ${path})
  endforeach()
endfunction()

function(shoal_install_package)
  include(CMakePackageConfigHelpers)
  set(config lib/cmake/shoal)
  set(resources ${SHOAL_DEPS}/python/wgpu/resources)

  get_property(headers GLOBAL PROPERTY SHOAL_PUBLIC_HEADERS)
  install(CODE "set(headers \"${headers}\")
set(root \"${CMAKE_SOURCE_DIR}/src\")
set(out \"${CMAKE_BINARY_DIR}/installed_headers\")")
  install(SCRIPT ${CMAKE_SOURCE_DIR}/cmake/write_installed_headers.cmake)
  install(DIRECTORY ${CMAKE_BINARY_DIR}/installed_headers/ DESTINATION include/shoal)
  install(FILES ${resources}/webgpu.h ${resources}/wgpu.h DESTINATION include/shoal/wgpu_native)

  install(FILES ${resources}/libwgpu_native-release.so DESTINATION lib)
  set(layers shoal_base shoal_wgsl shoal_gpu shoal_primitives)
  foreach(layer fmt base wgsl gpu primitives)
    set_target_properties(shoal_${layer} PROPERTIES EXPORT_NAME ${layer})
  endforeach()
  target_compile_features(shoal_base PUBLIC cxx_std_23)
  install(TARGETS shoal_fmt ${layers} EXPORT shoal ARCHIVE DESTINATION lib INCLUDES DESTINATION include)
  install(EXPORT shoal FILE shoalTargets.cmake NAMESPACE shoal:: DESTINATION ${config})
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/shoalConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_SOURCE_DIR}/cmake/shoalConfig.cmake ${CMAKE_BINARY_DIR}/shoalConfigVersion.cmake
    DESTINATION ${config})
  install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/THIRD_PARTY.md DESTINATION share/doc/shoal)
endfunction()
