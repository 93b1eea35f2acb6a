# synclens_sbom(FILE): a CycloneDX 1.6 list of the libraries in this build. No times or random ids: the same build
# gives the same bytes.
function(synclens_sbom file)
  set(components "")
  set(of_zlib "")
  if(zlib IN_LIST SYNCLENS_FETCHED)  # else it is the system's, and not in the wheel
    set(of_zlib "zlib;${zlib_VERSION};Zlib;github/madler/zlib")
  endif()
  foreach(one IN ITEMS
              "re2;${re2_VERSION};BSD-3-Clause;github/google/re2" "pugixml;${pugixml_VERSION};MIT;github/zeux/pugixml"
              "date;${date_VERSION};MIT;github/howardhinnant/date"
              "tomlplusplus;${tomlplusplus_VERSION};MIT;github/marzer/tomlplusplus"
              "pybind11;${pybind11_VERSION};BSD-3-Clause;github/pybind/pybind11" "${of_zlib}")
    if(NOT one)
      continue()
    endif()
    list(GET one 0 name)
    list(GET one 1 version)
    list(GET one 2 license)
    list(GET one 3 place)
    if(name STREQUAL re2 AND NOT version)
      set(version ${RE2_VERSION})  # what pkg-config says
    endif()
    if(name IN_LIST SYNCLENS_FETCHED)
      set(how "built from the pinned release")
    else()
      set(how "the build machine's package")
    endif()
    string(CONCAT one "\n    {\"type\": \"library\", \"name\": \"${name}\", \"version\": \"${version}\", "
                  "\"licenses\": [{\"license\": {\"id\": \"${license}\"}}], "
                  "\"purl\": \"pkg:${place}@${version}\", \"description\": \"${how}\"}")
    list(APPEND components "${one}")
  endforeach()
  list(JOIN components "," components)
  file(WRITE ${file} "{
  \"bomFormat\": \"CycloneDX\",
  \"specVersion\": \"1.6\",
  \"version\": 1,
  \"metadata\": {\"component\": {\"type\": \"library\", \"name\": \"synclens\", \"version\": \"${PROJECT_VERSION}\", \
\"licenses\": [{\"license\": {\"id\": \"MIT\"}}], \"purl\": \"pkg:pypi/synclens@${PROJECT_VERSION}\"}},
  \"components\": [${components}
  ]
}
")
endfunction()
