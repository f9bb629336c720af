// The way back through the sLSTM recurrence on CUDA, one launch for all steps in reverse. As on the way there a block owns (head, 8
// series): it keeps R [D, 4 D] in its registers as operands of the matrix units, works the gates' gradients out of w, z, o, s and p in
// float32 (slstm.h says what these are), and sends them through shared memory into the next product, with one barrier a step. R's and the
// bias' gradients are one product and one sum of the caller's: no atomics, so that the same call gives the same bits.
#include "slstm_cuda.h"
#include "slstm_mma.h"

namespace forecast {
namespace {

constexpr int CELLS = 4;      // of a thread: units row and row + 8, 2 series each

template <int D, typename Kernel>
__global__ void __launch_bounds__(2 * D, 1) reverse(SlstmCudaBack work) {
    constexpr bool EXACT = sizeof(Kernel) == sizeof(float);
    constexpr int STEPS_K = D / 4, PITCH = 4 * D + 8, HALVES = EXACT ? 2 : 1, CHAINS = 4;
    extern __shared__ uint4 memory[];
    auto* rests = memory;                                                                     // of R: [k][thread]
    auto* shared = reinterpret_cast<__nv_bfloat16*>(memory + (EXACT ? STEPS_K * 2 * D : 0));  // [2][half][series][4 D, padded]
    auto slot = [&](int buffer, int half, int place, int at) { return shared + ((buffer * HALVES + half) * SERIES + place) * PITCH + at; };

    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, head = blockIdx.x;
    const int row = lane / 4, column = 2 * (lane % 4);
    const int64_t width = work.heads * D, plane = work.batch * work.steps * width;

    uint32_t kernel[STEPS_K][4];
    const auto* upper = static_cast<const Kernel*>(work.kernel) + (static_cast<int64_t>(head) * D + warp * UNITS + row) * 4 * D + column;
#pragma unroll
    for (int k = 0; k < STEPS_K; k++) {
        uint32_t rest[4];
        tile(upper + 16 * k, upper + 8 * 4 * D + 16 * k, kernel[k], rest);
        if constexpr (EXACT) rests[k * 2 * D + threadIdx.x] = make_uint4(rest[0], rest[1], rest[2], rest[3]);
    }

    int64_t series[2];
    bool inside[2];
#pragma unroll
    for (int s = 0; s < 2; s++) {
        const int64_t at = static_cast<int64_t>(blockIdx.y) * SERIES + column + s;
        inside[s] = at < work.batch;
        series[s] = inside[s] ? at : work.batch - 1;
    }

    // What a step needs; p of the step before is fetched with it and stays for that step.
    float w[CELLS], z[CELLS], o[CELLS], s[CELLS], p[CELLS], before[CELLS], given[CELLS];
    auto place = [&](int cell, int64_t t) { return (series[cell % 2] * work.steps + t) * width + head * D + warp * UNITS + cell / 2 * 8 + row; };
    auto earlier = [&](int cell, int64_t t) {
        if (t > 0) return work.saved[4 * plane + place(cell, t - 1)];
        if (work.start == nullptr) return 0.0f;
        const int64_t at = series[cell % 2] * width + head * D + warp * UNITS + cell / 2 * 8 + row, part = work.batch * width;
        const float n = work.start[2 * part + at];
        return n == 0.0f ? 0.0f : work.start[part + at] / n;
    };
    auto fetch = [&](int64_t t) {
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
            const int64_t at = place(cell, t);
            w[cell] = work.saved[at];
            z[cell] = work.saved[plane + at];
            o[cell] = work.saved[2 * plane + at];
            s[cell] = work.saved[3 * plane + at];
            given[cell] = work.gradient[at];
            before[cell] = earlier(cell, t);
        }
    };

    float dh[CELLS] = {}, dp[CELLS] = {}, dl[CELLS] = {};
#pragma unroll
    for (int cell = 0; cell < CELLS; cell++) p[cell] = work.saved[4 * plane + place(cell, work.steps - 1)];
    fetch(work.steps - 1);
    for (int64_t t = work.steps - 1; t >= 0; t--) {
        const int now = t % 2;
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
            const float grad_h = given[cell] + dh[cell];
            const float grad_p = dp[cell] + grad_h * o[cell];
            const float q = grad_p * (z[cell] - before[cell]) * w[cell] * (1.0f - w[cell]);
            const float grad_u = dl[cell] * (1.0f - w[cell]) - q;
            const float grads[4] = {q + dl[cell] * w[cell], grad_u * s[cell], grad_p * w[cell] * (1.0f - z[cell] * z[cell]), grad_h * p[cell] * o[cell] * (1.0f - o[cell])};
            dp[cell] = grad_p * (1.0f - w[cell]);
            dl[cell] = grad_u;
            p[cell] = before[cell];
            const int unit = warp * UNITS + cell / 2 * 8 + row;
            float* to = work.gates + (((head * work.batch + series[cell % 2]) * work.steps + t) * 4) * D + unit;
#pragma unroll
            for (int gate = 0; gate < 4; gate++) {
                auto* high = slot(now, 0, column + cell % 2, gate * D + unit);
                if constexpr (EXACT) split(grads[gate], *high, *slot(now, 1, column + cell % 2, gate * D + unit));
                else *high = __float2bfloat16(grads[gate]);
                if (inside[cell % 2]) to[gate * D] = grads[gate];
            }
        }
        if (t == 0) break;
        fetch(t - 1);
        __syncthreads();
        // Four sums side by side: one would wait for itself.
        float sums[CHAINS][4] = {};
#pragma unroll
        for (int k = 0; k < STEPS_K; k++) {
            const auto* from = slot(now, 0, row, 16 * k + column);
            const uint32_t b0 = *reinterpret_cast<const uint32_t*>(from), b1 = *reinterpret_cast<const uint32_t*>(from + 8);
            if constexpr (EXACT) {
                const uint4 kept = rests[k * 2 * D + threadIdx.x];
                const uint32_t rest[4] = {kept.x, kept.y, kept.z, kept.w};
                const auto* fine = slot(now, 1, row, 16 * k + column);
                multiply(sums[k % CHAINS], rest, b0, b1);
                multiply(sums[k % CHAINS], kernel[k], *reinterpret_cast<const uint32_t*>(fine), *reinterpret_cast<const uint32_t*>(fine + 8));
            }
            multiply(sums[k % CHAINS], kernel[k], b0, b1);
        }
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) dh[cell] = (sums[0][cell] + sums[1][cell]) + (sums[2][cell] + sums[3][cell]);
    }
}

template <int D, typename Kernel>
const char* launch(const SlstmCudaBack& work, cudaStream_t stream) {
    constexpr size_t HALVES = sizeof(Kernel) == sizeof(float) ? 2 : 1;
    const size_t bytes = (HALVES - 1) * 8 * D * D + 2 * HALVES * SERIES * (4 * D + 8) * sizeof(__nv_bfloat16);
    auto status = cudaFuncSetAttribute(reverse<D, Kernel>, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes));
    if (status != cudaSuccess) return cudaGetErrorString(status);
    const dim3 grid(static_cast<unsigned>(work.heads), static_cast<unsigned>((work.batch + SERIES - 1) / SERIES));
    reverse<D, Kernel><<<grid, 2 * D, bytes, stream>>>(work);
    status = cudaGetLastError();
    return status == cudaSuccess ? nullptr : cudaGetErrorString(status);
}

template <int D>
const char* launch(const SlstmCudaBack& work, cudaStream_t stream) {
    return work.kernel_bfloat16 ? launch<D, __nv_bfloat16>(work, stream) : launch<D, float>(work, stream);
}

}  // namespace

const char* slstm_cuda_backward(const SlstmCudaBack& work, void* stream) {
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
