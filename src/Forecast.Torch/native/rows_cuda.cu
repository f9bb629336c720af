// What stands between the products of a block, on CUDA: a warp a row, which it keeps in registers, so that each number is read once and
// written once. See rows.h for the formulas.
#include "rows.h"

#include <cuda_bf16.h>
#include <cuda_runtime.h>

namespace forecast {
namespace {

constexpr int WARPS = 8;      // of a block
constexpr int LANES = 32;

__device__ __forceinline__ float4 load(const float* from) { return *reinterpret_cast<const float4*>(from); }

__device__ __forceinline__ float4 load(const __nv_bfloat16* from) {
    const uint2 raw = *reinterpret_cast<const uint2*>(from);
    return make_float4(__uint_as_float(raw.x << 16), __uint_as_float(raw.x & 0xffff0000u), __uint_as_float(raw.y << 16), __uint_as_float(raw.y & 0xffff0000u));
}

__device__ __forceinline__ void store(float* to, float4 v) { *reinterpret_cast<float4*>(to) = v; }

__device__ __forceinline__ void store(__nv_bfloat16* to, float4 v) {
    const __nv_bfloat162 a = __floats2bfloat162_rn(v.x, v.y), b = __floats2bfloat162_rn(v.z, v.w);
    *reinterpret_cast<uint2*>(to) = make_uint2(*reinterpret_cast<const unsigned*>(&a), *reinterpret_cast<const unsigned*>(&b));
}

// The sum over `lanes` neighbours, a power of two.
__device__ __forceinline__ float over(float x, int lanes) {
    for (int step = lanes / 2; step > 0; step /= 2) x += __shfl_xor_sync(0xffffffffu, x, step);
    return x;
}

__device__ __forceinline__ float total(float4 v) { return (v.x + v.y) + (v.z + v.w); }
__device__ __forceinline__ float squares(float4 v) { return (v.x * v.x + v.y * v.y) + (v.z * v.z + v.w * v.w); }

// A lane holds 4 numbers of each of CHUNKS runs of 128; a head of 16, 32, 64 or 128 lies within one run.
template <typename Product, int CHUNKS, bool GROUPS>
__global__ void __launch_bounds__(WARPS * LANES) norm(RowsCudaWork work) {
    const int64_t row = static_cast<int64_t>(blockIdx.x) * WARPS + threadIdx.x / LANES;
    if (row >= work.rows) return;
    const int lane = threadIdx.x % LANES, width = static_cast<int>(work.width);
    const float* x = work.x + row * width;
    float4 y[CHUNKS];
    float whole = 0;
#pragma unroll
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        const int at = (chunk * LANES + lane) * 4;
        const bool inside = at < width;
        y[chunk] = inside ? load(x + at) : make_float4(0, 0, 0, 0);
        if constexpr (GROUPS) {
            const int units = width / static_cast<int>(work.heads), lanes = units / 4;
            float4 h = inside ? load(work.h + row * width + at) : make_float4(0, 0, 0, 0);
            const float mean = over(total(h), lanes) / static_cast<float>(units);
            h = make_float4(h.x - mean, h.y - mean, h.z - mean, h.w - mean);
            const float factor = rsqrtf(over(squares(h), lanes) / static_cast<float>(units) + work.group_eps);
            if (inside) {
                const float4 s = load(work.scale + at);
                y[chunk] = make_float4(y[chunk].x + h.x * factor * s.x, y[chunk].y + h.y * factor * s.y, y[chunk].z + h.z * factor * s.z, y[chunk].w + h.w * factor * s.w);
            }
        } else if (work.add != nullptr && inside) {
            const float4 d = load(static_cast<const Product*>(work.add) + row * width + at);
            y[chunk] = make_float4(y[chunk].x + d.x, y[chunk].y + d.y, y[chunk].z + d.z, y[chunk].w + d.w);
        }
        if (work.out != nullptr && inside) store(work.out + row * width + at, y[chunk]);
        whole += squares(y[chunk]);
    }
    if (work.weight == nullptr) return;
    const float factor = rsqrtf(over(whole, LANES) / static_cast<float>(width) + work.eps);
    auto* normed = static_cast<Product*>(work.normed) + row * width;
#pragma unroll
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        const int at = (chunk * LANES + lane) * 4;
        if (at >= width) continue;
        const float4 w = load(work.weight + at);
        store(normed + at, make_float4(y[chunk].x * factor * w.x, y[chunk].y * factor * w.y, y[chunk].z * factor * w.z, y[chunk].w * factor * w.w));
    }
}

template <typename Product>
__device__ __forceinline__ float gated(float a, float b) {
    const float e = sizeof(Product) == sizeof(float) ? expf(-a) : __expf(-a);
    return a / (1.0f + e) * b;
}

template <typename Product>
__global__ void __launch_bounds__(WARPS * LANES) gate(Product* a, const Product* b, int64_t fours) {
    const int64_t at = static_cast<int64_t>(blockIdx.x) * WARPS * LANES + threadIdx.x;
    if (at >= fours) return;
    const float4 x = load(a + 4 * at), y = load(b + 4 * at);
    store(a + 4 * at, make_float4(gated<Product>(x.x, y.x), gated<Product>(x.y, y.y), gated<Product>(x.z, y.z), gated<Product>(x.w, y.w)));
}

template <typename Product, int CHUNKS>
void launch(const RowsCudaWork& work, cudaStream_t stream) {
    const auto blocks = static_cast<unsigned>((work.rows + WARPS - 1) / WARPS);
    if (work.h != nullptr) norm<Product, CHUNKS, true><<<blocks, WARPS * LANES, 0, stream>>>(work);
    else norm<Product, CHUNKS, false><<<blocks, WARPS * LANES, 0, stream>>>(work);
}

template <typename Product>
void launch(const RowsCudaWork& work, cudaStream_t stream) {
    if (work.width <= 128) launch<Product, 1>(work, stream);
    else if (work.width <= 256) launch<Product, 2>(work, stream);
    else if (work.width <= 512) launch<Product, 4>(work, stream);
    else launch<Product, 8>(work, stream);
}

const char* outcome() {
    const auto status = cudaGetLastError();
    return status == cudaSuccess ? nullptr : cudaGetErrorString(status);
}

}  // namespace

bool rows_cuda_has(int64_t width, int64_t heads) {
    const int64_t units = width / heads;
    return width <= 1024 && width % heads == 0 && (units == 16 || units == 32 || units == 64 || units == 128);
}

const char* rows_cuda_norm(const RowsCudaWork& work, void* stream) {
    if (work.rows == 0) return nullptr;
    if (work.bfloat16) launch<__nv_bfloat16>(work, static_cast<cudaStream_t>(stream));
    else launch<float>(work, static_cast<cudaStream_t>(stream));
    return outcome();
}

const char* rows_cuda_gate(void* a, const void* b, int64_t count, bool bfloat16, void* stream) {
    if (count % 4 != 0) return "rows of a multiple of 4 are wanted";
    if (count == 0) return nullptr;
    const int64_t fours = count / 4;
    const auto blocks = static_cast<unsigned>((fours + WARPS * LANES - 1) / (WARPS * LANES));
    auto* on = static_cast<cudaStream_t>(stream);
    if (bfloat16) gate<<<blocks, WARPS * LANES, 0, on>>>(static_cast<__nv_bfloat16*>(a), static_cast<const __nv_bfloat16*>(b), fours);
    else gate<<<blocks, WARPS * LANES, 0, on>>>(static_cast<float*>(a), static_cast<const float*>(b), fours);
    return outcome();
}

}  // namespace forecast
