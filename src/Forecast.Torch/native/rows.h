// What a network of residual blocks does to rows of numbers between its matrix products. Plain pointers, no libtorch.
#pragma once
#include <cstdint>

namespace forecast {

// norm(y) = y / sqrt(mean y^2 + eps) * weight over a row of `width`.
struct RowKernels {
    // out = x + add (null: x), normed = norm(out) (null = not wanted). `out` may be x, and null where nothing is added.
    void (*add_norm)(const float* x, const float* add, const float* weight, float eps, int64_t width, float* out, float* normed);
    // The same, where what is added is (h - mean) / sqrt(variance + group_eps) * scale within each of `heads` equal parts of h.
    void (*add_group_norm)(const float* x, const float* h, const float* scale, float group_eps, const float* weight, float eps, int64_t heads, int64_t width, float* out, float* normed);
    // a = a sigmoid(a) b
    void (*gate)(float* a, const float* b, int64_t count);
};

// As those of RowKernels for all rows at once, on CUDA.
struct RowsCudaWork {
    int64_t rows, width;
    const float* x;
    const void* add;                                          // of the products' type; null with `h`
    const float* h;                                           // null with `add`
    int64_t heads;
    const float* scale;
    float group_eps;
    const float* weight;                                      // null: nothing is normed
    float eps;
    float* out;                                               // null: nothing is added
    void* normed;                                             // of the products' type
    bool bfloat16;                                            // type of the products; else float32
};

bool rows_cuda_has(int64_t width, int64_t heads);
// Null, or what went wrong.
const char* rows_cuda_norm(const RowsCudaWork& work, void* stream);
const char* rows_cuda_gate(void* a, const void* b, int64_t count, bool bfloat16, void* stream);

}  // namespace forecast
