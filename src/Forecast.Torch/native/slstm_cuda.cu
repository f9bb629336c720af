// The sLSTM recurrence on CUDA, one launch for all steps: heads and series meet nowhere, so one block owns (head, 8 series) and keeps the
// head's recurrent kernel in its registers as bfloat16 operands of the matrix units. States stay in float32 registers; the hidden state
// goes through shared memory, twice buffered, with one barrier a step. No grid barrier, no workspace: it can be captured in a graph.
//
// A kernel in float32 is two bfloat16 halves, the second in shared memory, and so is the hidden state; three products of halves make a
// sum that is off by about 4e-6, and exp, log and tanh are exact to the last places.
#include "slstm_cuda.h"
#include "slstm_mma.h"

namespace forecast {
namespace {

constexpr int CELLS = 4;      // of a thread: 2 pairs of tiles x 2 series

template <bool EXACT>
struct Functions {
    static __device__ __forceinline__ float exp(float x) { return __expf(x); }
    static __device__ __forceinline__ float log1p(float x) { return __logf(1.0f + x); }
    static __device__ __forceinline__ float tangent(float x) {
        float y;
        asm("tanh.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
        return y;
    }
    static __device__ __forceinline__ float sigmoid(float x) { return 0.5f + 0.5f * tangent(0.5f * x); }
    static __device__ __forceinline__ float divide(float a, float b) { return __fdividef(a, b); }
};

template <>
struct Functions<true> {
    static __device__ __forceinline__ float exp(float x) { return expf(x); }
    static __device__ __forceinline__ float log1p(float x) { return log1pf(x); }
    static __device__ __forceinline__ float tangent(float x) { return tanhf(x); }
    static __device__ __forceinline__ float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }
    static __device__ __forceinline__ float divide(float a, float b) { return a / b; }
};

// A warp's 64 rows of gates are ordered so that one thread gets all four gates of its units: the first tile of a pair holds the input
// gate of 8 units over their forget gate, the second the candidate over the output gate.
template <int D, typename Kernel, typename Gate>
__global__ void __launch_bounds__(2 * D, 1) recurrence(SlstmCudaWork work) {
    constexpr bool EXACT = sizeof(Kernel) == sizeof(float);
    constexpr int STEPS_K = D / 16, PITCH = D + 8, HALVES = EXACT ? 2 : 1;
    using F = Functions<EXACT>;
    __shared__ __nv_bfloat16 shared[2][HALVES][SERIES][PITCH];
    extern __shared__ uint4 rests[];  // of the kernel: [pair, tile, k][thread]

    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, head = blockIdx.x;
    const int row = lane / 4, column = 2 * (lane % 4);
    const int64_t width = work.heads * D, base = static_cast<int64_t>(blockIdx.y) * SERIES;

    uint32_t kernel[2][2][STEPS_K][4];
    const auto* weights = static_cast<const Kernel*>(work.kernel) + static_cast<int64_t>(head) * 4 * D * D;
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
        const int unit = warp * UNITS + pair * 8 + row;
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const auto* upper = weights + (2 * half * D + unit) * D + column;
#pragma unroll
            for (int k = 0; k < STEPS_K; k++) {
                uint32_t rest[4];
                tile(upper + 16 * k, upper + D * D + 16 * k, kernel[pair][half][k], rest);
                if constexpr (EXACT) rests[((pair * 2 + half) * STEPS_K + k) * 2 * D + threadIdx.x] = make_uint4(rest[0], rest[1], rest[2], rest[3]);
            }
        }
    }

    float c[CELLS] = {}, n[CELLS] = {}, m[CELLS] = {}, h[CELLS] = {};
    int64_t series[2];
    bool inside[2];
#pragma unroll
    for (int s = 0; s < 2; s++) {
        inside[s] = base + column + s < work.batch;
        series[s] = inside[s] ? base + column + s : work.batch - 1;
    }
    auto share = [&](int buffer, int cell) {
        const int unit = warp * UNITS + cell / 2 * 8 + row, place = column + cell % 2;
        if constexpr (EXACT) split(h[cell], shared[buffer][0][place][unit], shared[buffer][HALVES - 1][place][unit]);
        else shared[buffer][0][place][unit] = __float2bfloat16(h[cell]);
    };
#pragma unroll
    for (int cell = 0; cell < CELLS; cell++) {
        const int unit = warp * UNITS + cell / 2 * 8 + row;
        const int64_t at = series[cell % 2] * work.start_batch + head * D + unit, part = work.start_part;
        h[cell] = work.start ? work.start[at] : 0.0f;
        c[cell] = work.start ? work.start[part + at] : 0.0f;
        n[cell] = work.start ? work.start[2 * part + at] : 0.0f;
        m[cell] = work.start ? work.start[3 * part + at] : 0.0f;
        share(0, cell);
    }

    const Gate* gates[2];
#pragma unroll
    for (int s = 0; s < 2; s++) gates[s] = static_cast<const Gate*>(work.gates) + series[s] * work.gates_batch + head * work.gates_head + warp * UNITS + row;
    float bias[2][4];
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
#pragma unroll
        for (int gate = 0; gate < 4; gate++) bias[pair][gate] = work.bias[(head * 4 + gate) * D + warp * UNITS + pair * 8 + row];
    }

    Gate given[CELLS][4];
    auto fetch = [&](int64_t t) {
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
#pragma unroll
            for (int gate = 0; gate < 4; gate++) given[cell][gate] = gates[cell % 2][t * work.gates_step + gate * work.gates_gate + cell / 2 * 8];
        }
    };
    fetch(0);
    bool fresh = work.start == nullptr || *work.first;

    for (int64_t t = 0; t < work.steps; t++) {
        const int now = t % 2;
        float sums[2][2][4];
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
            const int pair = cell / 2, s = cell % 2;
            sums[pair][0][s] = number(given[cell][0]) + bias[pair][0];
            sums[pair][0][2 + s] = number(given[cell][1]) + bias[pair][1];
            sums[pair][1][s] = number(given[cell][2]) + bias[pair][2];
            sums[pair][1][2 + s] = number(given[cell][3]) + bias[pair][3];
        }
        if (t + 1 < work.steps) fetch(t + 1);
        __syncthreads();
#pragma unroll
        for (int k = 0; k < STEPS_K; k++) {
            uint32_t b[HALVES][2];
#pragma unroll
            for (int part = 0; part < HALVES; part++) {
                const auto* from = &shared[now][part][row][16 * k + column];
                b[part][0] = *reinterpret_cast<const uint32_t*>(from);
                b[part][1] = *reinterpret_cast<const uint32_t*>(from + 8);
            }
#pragma unroll
            for (int pair = 0; pair < 2; pair++) {
#pragma unroll
                for (int half = 0; half < 2; half++) {
                    if constexpr (EXACT) {
                        const uint4 from = rests[((pair * 2 + half) * STEPS_K + k) * 2 * D + threadIdx.x];
                        const uint32_t rest[4] = {from.x, from.y, from.z, from.w};
                        multiply(sums[pair][half], rest, b[0][0], b[0][1]);
                        multiply(sums[pair][half], kernel[pair][half][k], b[HALVES - 1][0], b[HALVES - 1][1]);
                    }
                    multiply(sums[pair][half], kernel[pair][half][k], b[0][0], b[0][1]);
                }
            }
        }
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
            const int pair = cell / 2, s = cell % 2;
            const float ri = sums[pair][0][s], given_f = sums[pair][0][2 + s], rf = fminf(given_f, work.cap);
            const float small = F::exp(-fabsf(rf));
            const float kept = m[cell] + (fminf(rf, 0.0f) - F::log1p(small));
            const float gap = ri - kept, e = F::exp(-fabsf(gap));
            const bool opens = gap >= 0.0f;
            const float i = opens || fresh ? 1.0f : e, f = opens ? e : 1.0f;
            const float z = F::tangent(sums[pair][1][s]), o = F::sigmoid(sums[pair][1][2 + s]);
            m[cell] = opens || fresh ? ri : kept;
            c[cell] = f * c[cell] + i * z;
            n[cell] = f * n[cell] + i;
            const float p = F::divide(c[cell], n[cell]);
            h[cell] = o * p;
            // Minimum and comparisons drop NaN where the plain formulas would carry it on.
            if (isnan(ri) || isnan(given_f)) h[cell] = c[cell] = n[cell] = m[cell] = __int_as_float(0x7fc00000);
            share(1 - now, cell);
            if (!inside[s]) continue;
            const int64_t at = (series[s] * work.steps + t) * width + head * D + warp * UNITS + pair * 8 + row;
            work.hidden[at] = h[cell];
            if (work.saved != nullptr) {
                const int64_t plane = work.batch * work.steps * width;
                float* to = work.saved + at;
                to[0] = F::divide(i, n[cell]);
                to[plane] = z;
                to[2 * plane] = o;
                to[3 * plane] = given_f > work.cap ? 0.0f : F::divide(rf >= 0.0f ? small : 1.0f, 1.0f + small);
                to[4 * plane] = p;
            }
        }
        fresh = false;
    }

#pragma unroll
    for (int cell = 0; cell < CELLS; cell++) {
        if (!inside[cell % 2]) continue;
        const int64_t at = series[cell % 2] * width + head * D + warp * UNITS + cell / 2 * 8 + row, plane = work.batch * width;
        work.state[at] = h[cell];
        work.state[plane + at] = c[cell];
        work.state[2 * plane + at] = n[cell];
        work.state[3 * plane + at] = m[cell];
    }
}

template <int D, typename Kernel, typename Gate>
const char* launch(const SlstmCudaWork& work, cudaStream_t stream) {
    const size_t rests = sizeof(Kernel) == sizeof(float) ? 8 * D * D : 0;
    auto status = rests > 0 ? cudaFuncSetAttribute(recurrence<D, Kernel, Gate>, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(rests)) : cudaSuccess;
    if (status != cudaSuccess) return cudaGetErrorString(status);
    const dim3 grid(static_cast<unsigned>(work.heads), static_cast<unsigned>((work.batch + SERIES - 1) / SERIES));
    recurrence<D, Kernel, Gate><<<grid, 2 * D, rests, stream>>>(work);
    status = cudaGetLastError();
    return status == cudaSuccess ? nullptr : cudaGetErrorString(status);
}

template <int D>
const char* launch(const SlstmCudaWork& work, cudaStream_t stream) {
    if (!work.kernel_bfloat16) return work.gates_bfloat16 ? "gates in bfloat16 want a kernel in bfloat16" : launch<D, float, float>(work, stream);
    return work.gates_bfloat16 ? launch<D, __nv_bfloat16, __nv_bfloat16>(work, stream) : launch<D, __nv_bfloat16, float>(work, stream);
}

}  // namespace

bool slstm_cuda_has(int64_t units) { return units == 16 || units == 32 || units == 64 || units == 128; }

const char* slstm_cuda_forward(const SlstmCudaWork& work, void* stream) {
    if ((work.batch + SERIES - 1) / SERIES > 65535) return "more than 524,280 series at once";
    auto* on = static_cast<cudaStream_t>(stream);
    switch (work.units) {
        case 16: return launch<16>(work, on);
        case 32: return launch<32>(work, on);
        case 64: return launch<64>(work, on);
        case 128: return launch<128>(work, on);
        default: return "heads of 16, 32, 64 or 128 units are wanted";
    }
}

}  // namespace forecast
