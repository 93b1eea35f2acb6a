// Exported structs of the Arrow C data interface in the capsules of its PyCapsule protocol.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "record/arrow_abi.hpp"

namespace synclens::bindings {

template <typename Exported>
void release_capsule(PyObject* capsule) {
  const char* const name = PyCapsule_GetName(capsule);
  auto* const exported = static_cast<Exported*>(PyCapsule_GetPointer(capsule, name));
  if (exported != nullptr && exported->release != nullptr) exported->release(exported);
  delete exported;
}

// A capsule that owns what `fill` exports into it.
template <typename Exported, typename Fill>
pybind11::object capsule(const char* name, Fill fill) {
  auto exported = std::make_unique<Exported>();
  fill(exported.get());
  PyObject* const made = PyCapsule_New(exported.get(), name, &release_capsule<Exported>);
  if (made == nullptr) throw pybind11::error_already_set();
  (void)exported.release();
  return pybind11::reinterpret_steal<pybind11::object>(made);
}

}  // namespace synclens::bindings
