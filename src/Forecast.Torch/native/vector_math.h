// Vectors of FT_LANES floats and their functions. Included by slstm_generic.cpp, slstm_avx2.cpp and slstm_avx512.cpp, each of which has set
// FT_LANES, FT_ROWS and the compiler's target before, and includes nothing else afterwards. No pragma once: each means other code.

namespace forecast {
namespace {

constexpr int64_t W = FT_LANES;
typedef float V __attribute__((vector_size(4 * FT_LANES)));
typedef int32_t I __attribute__((vector_size(4 * FT_LANES)));

#define FT_INLINE inline __attribute__((always_inline))

FT_INLINE V load(const float* from) {
    V v;
    __builtin_memcpy(&v, from, sizeof v);
    return v;
}

FT_INLINE void store(float* to, V v) { __builtin_memcpy(to, &v, sizeof v); }

// The first `count` lanes; the others are 0.
FT_INLINE V load(const float* from, int64_t count) {
    if (count >= W) return load(from);
    V v = {};
    __builtin_memcpy(&v, from, sizeof(float) * count);
    return v;
}

FT_INLINE void store(float* to, V v, int64_t count) {
    if (count >= W) store(to, v);
    else __builtin_memcpy(to, &v, sizeof(float) * count);
}

FT_INLINE V all(float x) { return x - V{}; }

FT_INLINE V choose(I mask, V yes, V no) { return mask ? yes : no; }

FT_INLINE V magnitude(V x) { return (V)((I)x & 0x7fffffff); }

// exp(x) for x <= 0 by Cody and Waite's reduction and a polynomial of degree 6; 0 below -87.
FT_INLINE V exp_negative(V x) {
    const V magic = all(12582912.0f);
    V k = (x * 1.44269504088896341f + magic) - magic;
    V r = x - k * 0.693359375f;
    r = r - k * -2.12194440e-4f;
    V y = all(1.3981999507e-3f);
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = y * (r * r) + r + 1.0f;
    const I inside = x > -87.0f;
    const I power = (__builtin_convertvector(choose(inside, k, V{}), I) + 127) << 23;
    return choose(inside, y * (V)power, V{});
}

// log(1 + e) for 0 <= e <= 1: 2 atanh(e / (2 + e)).
FT_INLINE V log1p_unit(V e) {
    const V s = e / (e + 2.0f);
    const V q = s * s;
    V y = all(0.0769230769f);
    y = y * q + 0.0909090909f;
    y = y * q + 0.1111111111f;
    y = y * q + 0.1428571429f;
    y = y * q + 0.2f;
    y = y * q + 0.3333333333f;
    return 2.0f * s + (2.0f * s) * q * y;
}

FT_INLINE V sigmoid(V x) {
    const V e = exp_negative(-magnitude(x));
    return choose(x >= 0.0f, all(1.0f), e) / (e + 1.0f);
}

FT_INLINE V tangent(V x) {
    const V a = magnitude(x);
    const V q = x * x;
    V y = all(-8.8632355299e-3f);
    y = y * q + 2.1869488536e-2f;
    y = y * q + -5.3968253968e-2f;
    y = y * q + 1.3333333333e-1f;
    y = y * q + -3.3333333333e-1f;
    const V small = x + x * q * y;
    const V e = exp_negative(-2.0f * a);
    const V large = (1.0f - e) / (1.0f + e);
    return choose(a < 0.3f, small, choose(x < 0.0f, -large, large));
}

FT_INLINE float sum(V x) {
    float whole = 0;
#pragma GCC unroll 16
    for (int64_t lane = 0; lane < W; lane++) whole += x[lane];
    return whole;
}

}  // namespace
}  // namespace forecast
