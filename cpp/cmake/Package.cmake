# The C++ package: `cmake --install BUILD --component cpp`, then find_package(synclens) and synclens::synclens.
if(SYNCLENS_FETCHED)
  message(STATUS "the C++ package is not installed: these came with the build: ${SYNCLENS_FETCHED}")
  return()
endif()
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(where ${CMAKE_INSTALL_LIBDIR}/cmake/synclens)
install(TARGETS synclens_core EXPORT synclensTargets COMPONENT cpp
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT cpp
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT cpp
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT cpp
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT cpp)
install(EXPORT synclensTargets NAMESPACE synclens:: DESTINATION ${where} COMPONENT cpp)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/synclensConfig.cmake.in
                              ${PROJECT_BINARY_DIR}/synclensConfig.cmake INSTALL_DESTINATION ${where}
                              PATH_VARS CMAKE_INSTALL_DATADIR
                              NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/synclensConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/synclensConfig.cmake ${PROJECT_BINARY_DIR}/synclensConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/Findre2.cmake DESTINATION ${where} COMPONENT cpp)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/python/synclens/catalogue DESTINATION ${CMAKE_INSTALL_DATADIR}/synclens
        COMPONENT cpp FILES_MATCHING PATTERN "*.toml")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/cpp/licenses/THIRD-PARTY.txt
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/synclens COMPONENT cpp)
