# re2::re2 over pkg-config. Debian's libre2.a is not position independent, so the shared library is the one to take.
# Also installed beside synclensConfig.cmake, for those who link against the package.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(RE2 QUIET IMPORTED_TARGET GLOBAL re2)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(re2 REQUIRED_VARS RE2_LINK_LIBRARIES)
if(re2_FOUND AND NOT TARGET re2::re2)
  add_library(re2::re2 INTERFACE IMPORTED GLOBAL)
  target_link_libraries(re2::re2 INTERFACE PkgConfig::RE2)
endif()
