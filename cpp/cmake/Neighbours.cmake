# With CMAKE_UNITY_BUILD several sources are one to the compiler, which reads the standard library once for all of them.
# These stay alone: they have local names that others have too.
set(alone
    decode/binxml.cpp decode/clixml.cpp decode/level_words.cpp decode/settings_connector.cpp
    decode/settings_connector_xml.cpp decode/settings_objects.cpp decode/settings_run_history.cpp
    decode/sync_log_table.cpp decode/sync_rows.cpp decode/text_one_line.cpp
    read/sniff_settings.cpp read/sniff_table.cpp read/utf8_stream.cpp)
list(TRANSFORM alone PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/src/)
set_source_files_properties(${alone} TARGET_DIRECTORY synclens_core PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
set_target_properties(synclens_core PROPERTIES UNITY_BUILD_CODE_BEFORE_INCLUDE
                                               "// NOLINTNEXTLINE(bugprone-suspicious-include)")
if(CMAKE_UNITY_BUILD)
  target_compile_options(synclens_options INTERFACE -Wno-shadow)  # a neighbour's name; other builds look
endif()
