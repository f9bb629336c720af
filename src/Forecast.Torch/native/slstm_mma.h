// What the CUDA kernels of the sLSTM share: bfloat16 products of the matrix units, and float32 numbers as sums of two bfloat16 ones.
#pragma once
#include <cuda_bf16.h>
#include <cuda_runtime.h>

#include <cstdint>

namespace forecast {

constexpr int SERIES = 8;     // columns of one matrix product: mma.m16n8k16
constexpr int UNITS = 16;     // of a warp

// d += a b, a [16, 16] and b [16, 8] in bfloat16, sums in float32.
__device__ __forceinline__ void multiply(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// x = high + low to 2^-16 of x.
__device__ __forceinline__ void split(float x, __nv_bfloat16& high, __nv_bfloat16& low) {
    high = __float2bfloat16(x);
    low = __float2bfloat16(x - __bfloat162float(high));
}

__device__ __forceinline__ uint32_t paired(__nv_bfloat16 a, __nv_bfloat16 b) {
    return static_cast<uint32_t>(__bfloat16_as_ushort(a)) | static_cast<uint32_t>(__bfloat16_as_ushort(b)) << 16;
}

// Two neighbours of a matrix as one operand register, and what bfloat16 left of them (0 where the matrix is bfloat16 itself).
__device__ __forceinline__ uint32_t operand(const __nv_bfloat16* from, uint32_t& rest) {
    rest = 0;
    return *reinterpret_cast<const uint32_t*>(from);
}

__device__ __forceinline__ uint32_t operand(const float* from, uint32_t& rest) {
    __nv_bfloat16 high[2], low[2];
    split(from[0], high[0], low[0]);
    split(from[1], high[1], low[1]);
    rest = paired(low[0], low[1]);
    return paired(high[0], high[1]);
}

// The operand of 16 x 16 elements whose two rows of this thread start at `upper` and `lower`.
template <typename Number>
__device__ __forceinline__ void tile(const Number* upper, const Number* lower, uint32_t (&high)[4], uint32_t (&low)[4]) {
    high[0] = operand(upper, low[0]);
    high[1] = operand(lower, low[1]);
    high[2] = operand(upper + 8, low[2]);
    high[3] = operand(lower + 8, low[3]);
}

__device__ __forceinline__ float number(float x) { return x; }
__device__ __forceinline__ float number(__nv_bfloat16 x) { return __bfloat162float(x); }

}  // namespace forecast
