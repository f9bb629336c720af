// Direct, unboxed calls for the shapes that small models make thousands of times a step: tensor in, tensor out, with up
// to two more tensors or numbers. They cost about half of a boxed call.
#include "operator.h"

namespace forecast {

using T = at::Tensor;
using S = at::Scalar;

// How one argument comes out of an FtValue, and whether it can.
template <typename Argument>
struct Reader;

template <>
struct Reader<const T&> {
    static bool fits(const FtValue& value) { return value.tag == FT_TENSOR && value.handle != nullptr; }
    static T read(const FtValue& value) { return borrow(value.handle); }
    static constexpr Kind kind = Kind::Tensor;
};

template <>
struct Reader<T&> : Reader<const T&> {};

template <>
struct Reader<const S&> {
    static bool fits(const FtValue& value) { return value.tag == FT_INT || value.tag == FT_DOUBLE || value.tag == FT_BOOL || value.tag == FT_DEFAULT; }
    static S read(const FtValue& value) { return value.tag == FT_DEFAULT ? S(1) : scalar_from(value); }
    static constexpr Kind kind = Kind::Scalar;
};

template <>
struct Reader<int64_t> {
    static bool fits(const FtValue& value) { return value.tag == FT_INT; }
    static int64_t read(const FtValue& value) { return value.integer; }
    static constexpr Kind kind = Kind::Int;
};

// A number that is missing is alpha, whose default is one in every schema; find_lane checks that.
static const FtValue missing{FT_DEFAULT, 0, {0}};

template <typename Result, typename... Arguments>
struct Shape {
    using Signature = Result(Arguments...);

    static bool matches(const Operator& op) {
        if (op.parameters.size() != sizeof...(Arguments)) return false;
        const Kind kinds[] = {Reader<Arguments>::kind...};
        for (size_t i = 0; i < sizeof...(Arguments); i++) {
            const auto& parameter = op.parameters[i];
            if (parameter.kind != kinds[i] || parameter.optional) return false;
            if (parameter.has_fallback && !(parameter.fallback.isInt() && parameter.fallback.toInt() == 1)) return false;
        }
        try {
            op.handle.typed<Signature>();  // throws when the kernel was registered with another C++ signature
        } catch (const c10::Error&) {
            return false;
        }
        return true;
    }

    static int32_t call(const Operator& op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity) {
        return call_with(op, arguments, count, results, capacity, std::index_sequence_for<Arguments...>());
    }

    template <size_t... I>
    static int32_t call_with(const Operator& op, const FtValue* arguments, int32_t count, FtValue* results, int32_t capacity, std::index_sequence<I...>) {
        const FtValue values[] = {static_cast<int32_t>(I) < count ? arguments[I] : missing...};
        const bool fits = ((Reader<Arguments>::fits(values[I]) && (values[I].tag != FT_DEFAULT || op.parameters[I].has_fallback)) && ...);
        if (!fits || count > static_cast<int32_t>(sizeof...(Arguments))) return -1;
        auto holders = std::make_tuple(Reader<Arguments>::read(values[I])...);
        if constexpr (std::is_reference_v<Result>) {
            T& same = op.handle.typed<Signature>().call(std::get<I>(holders)...);
            if (capacity > 0) give_tensor(T(same), results[0]);
        } else {
            T fresh = op.handle.typed<Signature>().call(std::get<I>(holders)...);
            if (capacity > 0) give_tensor(std::move(fresh), results[0]);
        }
        return 1;
    }
};

template <typename... Shapes>
static Lane first_match(const Operator& op) {
    Lane lane = nullptr;
    (void)((Shapes::matches(op) ? (lane = &Shapes::call, true) : false) || ...);
    return lane;
}

Lane find_lane(const Operator& op, bool in_place) {
    if (in_place) {
        return first_match<Shape<T&, T&>, Shape<T&, T&, const T&>, Shape<T&, T&, const T&, const S&>, Shape<T&, T&, const S&>,
                           Shape<T&, T&, const S&, const S&>, Shape<T&, T&, const T&, const T&, const S&>>(op);
    }
    return first_match<Shape<T, const T&>, Shape<T, const T&, const T&>, Shape<T, const T&, const T&, const S&>, Shape<T, const T&, const S&>,
                       Shape<T, const T&, const S&, const S&>, Shape<T, const T&, const T&, const T&>, Shape<T, const T&, const T&, const T&, const S&>,
                       Shape<T, const T&, int64_t>, Shape<T, const T&, int64_t, int64_t>>(op);
}

}  // namespace forecast
