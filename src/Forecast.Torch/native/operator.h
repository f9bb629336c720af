// An operator of the dispatcher with what is worth knowing about it before the first call.
#pragma once
#include "internal.h"

#include <ATen/core/dispatch/Dispatcher.h>

namespace forecast {

enum class Kind { Unknown, Tensor, Scalar, Int, Double, Bool, Ints, Doubles, Bools, Scalars, Tensors, OptionalTensors, String, Device, Generator };

struct Parameter {
    Kind kind = Kind::Unknown;
    bool optional = false;
    bool has_fallback = false;
    c10::IValue fallback;
    std::string name;
};

struct Operator;

// A quicker way to call an operator of one of a few common shapes; returns a negative number when it does not apply.
using Lane = int32_t (*)(const Operator& op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity);

struct Operator {
    explicit Operator(c10::OperatorHandle found);

    c10::OperatorHandle handle;
    std::string name;
    std::vector<Parameter> parameters;
    Lane lane = nullptr;
};

Lane find_lane(const Operator& op, bool in_place);
at::Scalar scalar_from(const FtValue& value);
void give_tensor(at::Tensor&& tensor, FtValue& result);

}  // namespace forecast
