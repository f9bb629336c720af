// The one door to all of libtorch's operators: find by name in the dispatcher, marshal by schema, call boxed.
#include "operator.h"

#include <ATen/core/ivalue.h>
#include <ATen/core/jit_type.h>

#include <cstdlib>
#include <memory>
#include <mutex>
#include <sstream>
#include <unordered_map>

namespace forecast {

// What an argument of a schema takes; an optional takes the same or nothing.
static Kind kind_of(const c10::TypePtr& type, bool* optional) {
    using K = c10::TypeKind;
    switch (type->kind()) {
        case K::OptionalType: {
            *optional = true;
            bool inner = false;
            return kind_of(type->castRaw<c10::OptionalType>()->getElementType(), &inner);
        }
        case K::TensorType: return Kind::Tensor;
        case K::NumberType: return Kind::Scalar;
        case K::IntType: return Kind::Int;
        case K::FloatType: return Kind::Double;
        case K::BoolType: return Kind::Bool;
        case K::StringType: return Kind::String;
        case K::DeviceObjType: return Kind::Device;
        case K::GeneratorType: return Kind::Generator;
        case K::ListType: {
            bool inner = false;
            switch (kind_of(type->castRaw<c10::ListType>()->getElementType(), &inner)) {
                case Kind::Int: return Kind::Ints;
                case Kind::Double: return Kind::Doubles;
                case Kind::Bool: return Kind::Bools;
                case Kind::Tensor: return inner ? Kind::OptionalTensors : Kind::Tensors;
                case Kind::Scalar: return Kind::Scalars;
                default: return Kind::Unknown;
            }
        }
        default: return Kind::Unknown;
    }
}

static bool mutates_first(const c10::FunctionSchema& schema) {
    if (schema.arguments().empty()) return false;
    const auto* alias = schema.arguments()[0].alias_info();
    return alias != nullptr && alias->isWrite();
}

Operator::Operator(c10::OperatorHandle found) : handle(found), name(c10::toString(found.operator_name())) {
    const auto& schema = handle.schema();
    for (const auto& argument : schema.arguments()) {
        Parameter parameter;
        parameter.kind = kind_of(argument.type(), &parameter.optional);
        parameter.name = argument.name();
        if (argument.default_value().has_value()) {
            parameter.fallback = *argument.default_value();
            parameter.has_fallback = true;
        } else if (parameter.optional) {
            parameter.has_fallback = true;  // an optional without a default is absent when nobody names it
        }
        parameters.push_back(std::move(parameter));
    }
    bool single_tensor = schema.returns().size() == 1 && schema.returns()[0].type()->kind() == c10::TypeKind::TensorType;
    if (single_tensor) lane = find_lane(*this, mutates_first(schema));
}

at::Scalar scalar_from(const FtValue& value) {
    switch (value.tag) {
        case FT_INT: return at::Scalar(value.integer);
        case FT_BOOL: return at::Scalar(value.integer != 0);
        case FT_DOUBLE: return at::Scalar(value.real);
        case FT_COMPLEX: {
            const auto* parts = static_cast<const double*>(value.handle);
            return at::Scalar(c10::complex<double>(parts[0], parts[1]));
        }
        default: TORCH_CHECK(false, "a number was expected");
    }
}

template <typename Element>
static c10::IValue list_of(const FtValue& value) {
    const auto* from = static_cast<const Element*>(value.handle);
    c10::List<Element> list;
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) list.push_back(from[i]);
    return list;
}

static c10::IValue ints_from(const FtValue& value) {
    if (value.tag == FT_INT) return c10::List<int64_t>({value.integer});
    TORCH_CHECK(value.tag == FT_INTS, "a list of integers was expected");
    return list_of<int64_t>(value);
}

static c10::IValue doubles_from(const FtValue& value) {
    if (value.tag == FT_DOUBLE) return c10::List<double>({value.real});
    TORCH_CHECK(value.tag == FT_DOUBLES, "a list of numbers was expected");
    return list_of<double>(value);
}

static c10::IValue bools_from(const FtValue& value) {
    TORCH_CHECK(value.tag == FT_BOOLS, "a list of truth values was expected");
    const auto* from = static_cast<const uint8_t*>(value.handle);
    c10::List<bool> list;
    for (int32_t i = 0; i < value.count; i++) list.push_back(from[i] != 0);
    return list;
}

static c10::IValue tensors_from(const FtValue& value) {
    TORCH_CHECK(value.tag == FT_TENSORS, "a list of tensors was expected");
    auto* const* from = static_cast<void* const*>(value.handle);
    c10::List<at::Tensor> list;
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) list.push_back(borrow(from[i]));
    return list;
}

static c10::IValue optional_tensors_from(const FtValue& value) {
    TORCH_CHECK(value.tag == FT_TENSORS, "a list of tensors was expected");
    auto* const* from = static_cast<void* const*>(value.handle);
    c10::List<OptionalTensor> list;
    list.reserve(value.count);
    for (int32_t i = 0; i < value.count; i++) {
        list.push_back(from[i] == nullptr ? OptionalTensor() : OptionalTensor(borrow(from[i])));
    }
    return list;
}

static c10::IValue scalars_from(const FtValue& value) {
    c10::List<at::Scalar> list;
    if (value.tag == FT_DOUBLES) {
        const auto* from = static_cast<const double*>(value.handle);
        for (int32_t i = 0; i < value.count; i++) list.push_back(at::Scalar(from[i]));
    } else {
        TORCH_CHECK(value.tag == FT_INTS, "a list of numbers was expected");
        const auto* from = static_cast<const int64_t*>(value.handle);
        for (int32_t i = 0; i < value.count; i++) list.push_back(at::Scalar(from[i]));
    }
    return list;
}

static c10::IValue value_for(const Parameter& parameter, const FtValue& value) {
    if (value.tag == FT_DEFAULT) {
        TORCH_CHECK(parameter.has_fallback, "argument '", parameter.name, "' is missing");
        return parameter.fallback;
    }
    if (value.tag == FT_NONE || (value.tag == FT_TENSOR && value.handle == nullptr && parameter.optional)) {
        TORCH_CHECK(parameter.optional, "argument '", parameter.name, "' cannot be left out");
        return {};
    }
    switch (parameter.kind) {
        case Kind::Tensor:
            TORCH_CHECK(value.tag == FT_TENSOR, "argument '", parameter.name, "' must be a tensor");
            return borrow(value.handle);
        case Kind::Scalar: return scalar_from(value);
        case Kind::Int:
            TORCH_CHECK(value.tag == FT_INT || value.tag == FT_BOOL, "argument '", parameter.name, "' must be an integer");
            return value.integer;
        case Kind::Double:
            if (value.tag == FT_INT) return static_cast<double>(value.integer);
            TORCH_CHECK(value.tag == FT_DOUBLE, "argument '", parameter.name, "' must be a number");
            return value.real;
        case Kind::Bool:
            TORCH_CHECK(value.tag == FT_BOOL, "argument '", parameter.name, "' must be true or false");
            return value.integer != 0;
        case Kind::Ints: return ints_from(value);
        case Kind::Doubles: return doubles_from(value);
        case Kind::Bools: return bools_from(value);
        case Kind::Scalars: return scalars_from(value);
        case Kind::Tensors: return tensors_from(value);
        case Kind::OptionalTensors: return optional_tensors_from(value);
        case Kind::String:
            TORCH_CHECK(value.tag == FT_STRING, "argument '", parameter.name, "' must be text");
            return std::string(static_cast<const char*>(value.handle), value.count);
        case Kind::Device:
            TORCH_CHECK(value.tag == FT_DEVICE, "argument '", parameter.name, "' must be a device");
            return device_of(static_cast<int32_t>(value.integer), value.count);
        case Kind::Generator:
            TORCH_CHECK(value.tag == FT_GENERATOR, "argument '", parameter.name, "' must be a generator");
            return *static_cast<at::Generator*>(value.handle);
        case Kind::Unknown: break;
    }
    TORCH_CHECK(false, "argument '", parameter.name, "' has a type that this interface does not carry");
}

void give_tensor(at::Tensor&& tensor, FtValue& result) {
    result.tag = FT_TENSOR;
    result.count = 0;
    if (tensor.defined() && tensor.has_storage() && tensor.storage().use_count() == 1) {
        const auto kib = tensor.storage().nbytes() >> 10;
        result.count = kib > INT32_MAX ? INT32_MAX : static_cast<int32_t>(kib);
    }
    result.handle = give(std::move(tensor));
}

static void give_value(c10::IValue&& value, FtValue& result) {
    result.count = 0;
    if (value.isTensor()) {
        give_tensor(std::move(value).toTensor(), result);
    } else if (value.isBool()) {
        result.tag = FT_BOOL;
        result.integer = value.toBool() ? 1 : 0;
    } else if (value.isInt()) {
        result.tag = FT_INT;
        result.integer = value.toInt();
    } else if (value.isDouble()) {
        result.tag = FT_DOUBLE;
        result.real = value.toDouble();
    } else if (value.isNone()) {
        result.tag = FT_NONE;
        result.handle = nullptr;
    } else if (value.isTensorList()) {
        auto list = std::move(value).toTensorVector();
        auto** handles = static_cast<void**>(std::malloc(sizeof(void*) * (list.empty() ? 1 : list.size())));
        for (size_t i = 0; i < list.size(); i++) handles[i] = give(std::move(list[i]));
        result.tag = FT_TENSORS;
        result.count = static_cast<int32_t>(list.size());
        result.handle = handles;
    } else if (value.isIntList()) {
        const auto list = std::move(value).toIntVector();
        auto* numbers = static_cast<int64_t*>(std::malloc(sizeof(int64_t) * (list.empty() ? 1 : list.size())));
        for (size_t i = 0; i < list.size(); i++) numbers[i] = list[i];
        result.tag = FT_INTS;
        result.count = static_cast<int32_t>(list.size());
        result.handle = numbers;
    } else {
        TORCH_CHECK(false, "a result of type ", value.tagKind(), " is not carried by this interface");
    }
}

static std::string describe_arguments(const FtValue* arguments, int32_t count) {
    std::ostringstream text;
    for (int32_t i = 0; i < count; i++) {
        const FtValue& value = arguments[i];
        if (i > 0) text << ", ";
        switch (value.tag) {
            case FT_TENSOR: text << describe(borrow(value.handle)); break;
            case FT_INT: text << value.integer; break;
            case FT_DOUBLE: text << value.real; break;
            case FT_BOOL: text << (value.integer != 0 ? "true" : "false"); break;
            case FT_INTS: text << c10::IntArrayRef(static_cast<const int64_t*>(value.handle), value.count); break;
            case FT_STRING: text << '"' << std::string(static_cast<const char*>(value.handle), value.count) << '"'; break;
            case FT_DEVICE: text << device_of(static_cast<int32_t>(value.integer), value.count); break;
            case FT_TENSORS: {
                text << '[';
                for (int32_t k = 0; k < value.count && k < 8; k++) {
                    if (k > 0) text << ", ";
                    text << describe(borrow(static_cast<void**>(value.handle)[k]));
                }
                text << (value.count > 8 ? ", ...]" : "]");
                break;
            }
            default: text << "default"; break;
        }
    }
    return text.str();
}

// The argument stack of a thread is kept between calls; a nested call (none is known) would find it empty, not in use.
static thread_local torch::jit::Stack kept_stack;

static int32_t call_boxed(const Operator& op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity) {
    torch::jit::Stack stack = std::move(kept_stack);
    stack.clear();
    const auto wanted = static_cast<int32_t>(op.parameters.size());
    TORCH_CHECK(count <= wanted, "takes ", wanted, " arguments, not ", count);
    for (int32_t i = 0; i < count; i++) stack.push_back(value_for(op.parameters[i], arguments[i]));
    for (int32_t i = count; i < wanted; i++) {
        TORCH_CHECK(op.parameters[i].has_fallback, "argument '", op.parameters[i].name, "' is missing");
        stack.push_back(op.parameters[i].fallback);
    }
    op.handle.callBoxed(&stack);
    const auto returned = static_cast<int32_t>(stack.size());
    TORCH_CHECK(capacity == 0 || returned <= capacity, "returns ", returned, " values, more than the caller takes");
    if (capacity > 0) {
        for (int32_t i = 0; i < returned; i++) give_value(std::move(stack[i]), results[i]);
    }
    stack.clear();
    kept_stack = std::move(stack);
    return returned;
}

}  // namespace forecast

using namespace forecast;

void* ft_operator(const char* name, const char* overload) {
    static std::mutex gate;
    static std::unordered_map<std::string, std::unique_ptr<Operator>> found;
    return guarded(name, static_cast<void*>(nullptr), [&]() -> void* {
        const std::lock_guard<std::mutex> hold(gate);
        auto& slot = found[std::string(name) + "." + overload];
        if (!slot) {
            const auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
            if (!handle.has_value()) return nullptr;
            slot = std::make_unique<Operator>(*handle);
        }
        return slot.get();
    });
}

int32_t ft_call(void* op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity) {
    const auto& found = *static_cast<const Operator*>(op);
    try {
        if (found.lane != nullptr) {
            const int32_t returned = found.lane(found, arguments, count, results, capacity);
            if (returned >= 0) return returned;
        }
        return call_boxed(found, arguments, count, results, capacity);
    } catch (const std::exception& error) {
        set_error(found.name + ": " + describe(error) + "\n  arguments: " + describe_arguments(arguments, count));
    } catch (...) {
        set_error(found.name + ": unknown C++ exception");
    }
    return -1;
}
