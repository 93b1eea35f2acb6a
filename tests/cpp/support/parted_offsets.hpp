// A sink in parts that keeps where each record stands, in the order in which the parts are taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "synclens/decode.hpp"

namespace support {

struct OffsetsPart final : synclens::RecordSink {
  std::vector<std::uint64_t> offsets;
  void event(const synclens::EventView& e) override { offsets.push_back(e.where.offset); }
  void problem(synclens::Problem) override { throw std::logic_error("problems go to the whole"); }
};

struct Whole final : synclens::PartedSink {
  std::vector<std::uint64_t> offsets;
  std::vector<std::string> problems;
  std::size_t most_taken = ~std::size_t{0};
  std::unique_ptr<synclens::RecordSink> part() override { return std::make_unique<OffsetsPart>(); }
  void take(synclens::RecordSink& part) override {
    if (most_taken-- == 0) throw std::runtime_error("full");
    auto& taken = static_cast<OffsetsPart&>(part).offsets;
    offsets.insert(offsets.end(), taken.begin(), taken.end());
    taken.clear();
  }
  void event(const synclens::EventView& e) override { offsets.push_back(e.where.offset); }
  void problem(synclens::Problem p) override { problems.push_back(p.what + " at " + std::to_string(p.where.offset)); }
};

}  // namespace support
