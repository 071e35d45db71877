# Everything that others wrote. Debian packages are found where they are; wheels and npm packages lie in
# .deps/, where `./dev setup` puts them.
set(SHOAL_DEPS ${CMAKE_SOURCE_DIR}/.deps CACHE PATH "Where ./dev setup put wheels and npm packages")

# fmt, nlohmann-json and xxHash, header-only, without exceptions so that the WASM build can use them. The links lie
# in a folder of their own: -I/usr/include would put native headers into a cross build.
set(SHOAL_LINKED_HEADERS ${CMAKE_BINARY_DIR}/linked_headers)
file(MAKE_DIRECTORY ${SHOAL_LINKED_HEADERS})
foreach(library fmt nlohmann xxhash.h)
  file(CREATE_LINK /usr/include/${library} ${SHOAL_LINKED_HEADERS}/${library} SYMBOLIC)
endforeach()
add_library(shoal_fmt INTERFACE)
target_include_directories(shoal_fmt SYSTEM INTERFACE $<BUILD_INTERFACE:${SHOAL_LINKED_HEADERS}>)
if(SHOAL_WASM)
  target_compile_definitions(shoal_fmt INTERFACE FMT_HEADER_ONLY FMT_STATIC_THOUSANDS_SEPARATOR=',' FMT_EXCEPTIONS=0
    FMT_USE_LONG_DOUBLE=0)  # of 128 bits there, which are computed in software
else()
  # Debian's compiled library: header-only fmt took 60 % of the time of every native file.
  find_package(fmt REQUIRED)
  target_link_libraries(shoal_fmt INTERFACE fmt::fmt)
endif()
add_library(shoal_json INTERFACE)
target_include_directories(shoal_json SYSTEM INTERFACE ${SHOAL_LINKED_HEADERS})
target_compile_definitions(shoal_json INTERFACE JSON_NOEXCEPTION JSON_NO_IO JSON_USE_IMPLICIT_CONVERSIONS=0)

if(NOT SHOAL_WASM)
  find_package(Threads REQUIRED)
  find_package(PkgConfig REQUIRED)
  if(SHOAL_TESTS)
    find_package(GTest REQUIRED)
  endif()
  add_library(shoal_wgpu INTERFACE)
  target_include_directories(shoal_wgpu SYSTEM INTERFACE ${SHOAL_DEPS}/python/wgpu/resources)
  target_link_libraries(shoal_wgpu INTERFACE ${SHOAL_DEPS}/python/wgpu/resources/libwgpu_native-release.so)
endif()
