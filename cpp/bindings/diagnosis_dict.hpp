#pragma once

#include "convert.hpp"
#include "synclens/correlate.hpp"

namespace synclens::bindings {

// A diagnosis in the shape of the JSON contract, without what only the Python side knows (tool, hashes).
[[nodiscard]] py::dict diagnosis_dict(const Diagnosis& diagnosis);

}  // namespace synclens::bindings
