// Schemas and arrays of the Arrow C data interface, with what they own. Nothing is copied: an array keeps the owner of
// its buffers alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/arrow_abi.hpp"

namespace synclens::arrow {

using Keep = std::shared_ptr<const void>;
using Schemas = std::vector<std::unique_ptr<ArrowSchema>>;
using Arrays = std::vector<std::unique_ptr<ArrowArray>>;

// What an exported schema or array owns. Children are released by their parent, unless a consumer moved them out.
template <typename Node>
struct Holder {
  std::string format, name;  // schemas
  Keep keep;                 // arrays: the owner of the buffers
  std::vector<const void*> buffers;
  std::vector<std::unique_ptr<Node>> children;
  std::vector<Node*> pointers;
  std::unique_ptr<Node> dictionary;
};

template <typename Node>
void release(Node* node) {
  const std::unique_ptr<Holder<Node>> holder(static_cast<Holder<Node>*>(node->private_data));
  const auto let_go = [](Node* child) {
    if (child != nullptr && child->release != nullptr) child->release(child);
  };
  for (const auto& child : holder->children) let_go(child.get());
  let_go(holder->dictionary.get());
  node->release = nullptr;
}

template <typename Node>
void adopt(Node* node, std::unique_ptr<Holder<Node>> holder) {
  for (const auto& child : holder->children) holder->pointers.push_back(child.get());
  node->n_children = static_cast<std::int64_t>(holder->pointers.size());
  node->children = holder->pointers.empty() ? nullptr : holder->pointers.data();
  node->dictionary = holder->dictionary.get();
  node->release = &release<Node>;
  node->private_data = holder.release();
}

inline void make_schema(ArrowSchema* out, std::string format, std::string_view name, std::int64_t flags,
                        Schemas children = {}, std::unique_ptr<ArrowSchema> dictionary = {}) {
  auto holder = std::make_unique<Holder<ArrowSchema>>();
  holder->format = std::move(format);
  holder->name = name;
  holder->children = std::move(children);
  holder->dictionary = std::move(dictionary);
  *out = ArrowSchema{};
  out->format = holder->format.c_str();
  out->name = holder->name.c_str();
  out->flags = flags;
  adopt(out, std::move(holder));
}

[[nodiscard]] inline std::unique_ptr<ArrowSchema> schema_of(std::string format, std::string_view name,
                                                            std::int64_t flags = arrow_nullable, Schemas children = {},
                                                            std::unique_ptr<ArrowSchema> dictionary = {}) {
  auto made = std::make_unique<ArrowSchema>();
  make_schema(made.get(), std::move(format), name, flags, std::move(children), std::move(dictionary));
  return made;
}

[[nodiscard]] inline std::unique_ptr<ArrowArray> array_of(const Keep& keep, std::size_t rows, std::size_t first,
                                                          std::int64_t nulls, std::vector<const void*> buffers,
                                                          Arrays children = {},
                                                          std::unique_ptr<ArrowArray> dictionary = {}) {
  auto made = std::make_unique<ArrowArray>();
  auto holder = std::make_unique<Holder<ArrowArray>>();
  holder->keep = keep;
  holder->buffers = std::move(buffers);
  holder->children = std::move(children);
  holder->dictionary = std::move(dictionary);
  *made = ArrowArray{};
  made->length = static_cast<std::int64_t>(rows);
  made->offset = static_cast<std::int64_t>(first);
  made->null_count = nulls;
  made->n_buffers = static_cast<std::int64_t>(holder->buffers.size());
  made->buffers = holder->buffers.data();
  adopt(made.get(), std::move(holder));
  return made;
}

}  // namespace synclens::arrow
