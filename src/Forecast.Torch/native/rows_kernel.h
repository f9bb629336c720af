// What stands between the products of a block, for one instruction set; see rows.h for the formulas and vector_math.h for the rest.

namespace forecast {
namespace {

// From `row` and its mean square to `normed`.
FT_INLINE void norm_row(const float* row, V squares, const float* weight, float eps, int64_t width, float* normed) {
    const V factor = all(1.0f / __builtin_sqrtf(sum(squares) / static_cast<float>(width) + eps));
    for (int64_t i = 0; i < width; i += W) store(normed + i, load(row + i, width - i) * factor * load(weight + i, width - i), width - i);
}

void add_norm(const float* x, const float* add, const float* weight, float eps, int64_t width, float* out, float* normed) {
    V squares = {};
    for (int64_t i = 0; i < width; i += W) {
        V y = load(x + i, width - i);
        if (add != nullptr) {
            y += load(add + i, width - i);
            store(out + i, y, width - i);
        }
        squares += y * y;
    }
    if (normed != nullptr) norm_row(add != nullptr ? out : x, squares, weight, eps, width, normed);
}

void add_group_norm(const float* x, const float* h, const float* scale, float group_eps, const float* weight, float eps, int64_t heads, int64_t width, float* out, float* normed) {
    const int64_t units = width / heads;
    V squares = {};
    for (int64_t first = 0; first < width; first += units) {
        const float* own = h + first;
        V whole = {}, spread = {};
        for (int64_t i = 0; i < units; i += W) whole += load(own + i, units - i);
        const float mean = sum(whole) / static_cast<float>(units);
        for (int64_t i = 0; i < units; i += W) {
            // Lanes behind the last unit are 0, not the mean: they must not count.
            const int64_t left = units - i;
            V off = load(own + i, left) - mean;
            if (left < W) {
                for (int64_t lane = left; lane < W; lane++) off[lane] = 0.0f;
            }
            spread += off * off;
        }
        const float factor = 1.0f / __builtin_sqrtf(sum(spread) / static_cast<float>(units) + group_eps);
        for (int64_t i = 0; i < units; i += W) {
            const int64_t left = units - i, at = first + i;
            const V y = load(x + at, left) + (load(own + i, left) - mean) * factor * load(scale + at, left);
            store(out + at, y, left);
            // Beyond `left` the scale was 0 and so are x and y.
            squares += y * y;
        }
    }
    norm_row(out, squares, weight, eps, width, normed);
}

void gate_rows(float* a, const float* b, int64_t count) {
    for (int64_t i = 0; i < count; i += W) {
        const V x = load(a + i, count - i);
        store(a + i, x * sigmoid(x) * load(b + i, count - i), count - i);
    }
}

constexpr RowKernels rows_of = {add_norm, add_group_norm, gate_rows};

}  // namespace
}  // namespace forecast
