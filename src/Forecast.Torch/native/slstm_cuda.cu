// The sLSTM recurrence on CUDA, one launch for all steps: heads and series meet nowhere, so one block owns (head, 8 series) and keeps the
// head's recurrent kernel in its registers as bfloat16 operands of the matrix units. States stay in float32 registers; the hidden state
// goes through shared memory, twice buffered, with one barrier a step. No grid barrier, no workspace: it can be captured in a graph.
#include "slstm_cuda.h"

#include <cuda_bf16.h>
#include <cuda_runtime.h>

namespace forecast {
namespace {

constexpr int SERIES = 8;     // columns of one matrix product: mma.m16n8k16
constexpr int UNITS = 16;     // of a warp: two pairs of tiles of 8 units
constexpr int CELLS = 4;      // of a thread: 2 pairs x 2 series

__device__ __forceinline__ float tangent(float x) {
    float y;
    asm("tanh.approx.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}

__device__ __forceinline__ void multiply(float (&d)[4], const uint32_t (&a)[4], uint32_t b0, uint32_t b1) {
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// A warp's 64 rows of gates are ordered so that one thread gets all four gates of its units: the first tile of a pair holds the input
// gate of 8 units over their forget gate, the second the candidate over the output gate.
template <int D>
__global__ void __launch_bounds__(2 * D, 1) recurrence(SlstmCudaWork work) {
    constexpr int STEPS_K = D / 16, PITCH = D + 8;
    __shared__ __nv_bfloat16 shared[2][SERIES][PITCH];

    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32, head = blockIdx.x;
    const int row = lane / 4, column = 2 * (lane % 4);
    const int64_t width = work.heads * D, base = static_cast<int64_t>(blockIdx.y) * SERIES;

    uint32_t kernel[2][2][STEPS_K][4];
    const auto* weights = static_cast<const __nv_bfloat16*>(work.kernel) + static_cast<int64_t>(head) * 4 * D * D;
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
        const int unit = warp * UNITS + pair * 8 + row;
#pragma unroll
        for (int tile = 0; tile < 2; tile++) {
            const auto* upper = weights + (2 * tile * D + unit) * D + column;
            const auto* lower = upper + D * D;
#pragma unroll
            for (int k = 0; k < STEPS_K; k++) {
                kernel[pair][tile][k][0] = *reinterpret_cast<const uint32_t*>(upper + 16 * k);
                kernel[pair][tile][k][1] = *reinterpret_cast<const uint32_t*>(lower + 16 * k);
                kernel[pair][tile][k][2] = *reinterpret_cast<const uint32_t*>(upper + 16 * k + 8);
                kernel[pair][tile][k][3] = *reinterpret_cast<const uint32_t*>(lower + 16 * k + 8);
            }
        }
    }

    float c[CELLS], n[CELLS], m[CELLS], h[CELLS];
    int64_t series[2];
    bool inside[2];
#pragma unroll
    for (int s = 0; s < 2; s++) {
        inside[s] = base + column + s < work.batch;
        series[s] = inside[s] ? base + column + s : work.batch - 1;
    }
#pragma unroll
    for (int cell = 0; cell < CELLS; cell++) {
        const int unit = warp * UNITS + cell / 2 * 8 + row;
        const int64_t at = series[cell % 2] * width + head * D + unit, plane = work.batch * width;
        h[cell] = work.start ? work.start[at] : 0.0f;
        c[cell] = work.start ? work.start[plane + at] : 0.0f;
        n[cell] = work.start ? work.start[2 * plane + at] : 0.0f;
        m[cell] = work.start ? work.start[3 * plane + at] : 0.0f;
        shared[0][column + cell % 2][unit] = __float2bfloat16(h[cell]);
    }

    const float* gates[2];
#pragma unroll
    for (int s = 0; s < 2; s++) gates[s] = work.gates + series[s] * work.gates_batch + head * work.gates_head + warp * UNITS + row;
    float bias[2][4];
#pragma unroll
    for (int pair = 0; pair < 2; pair++) {
#pragma unroll
        for (int gate = 0; gate < 4; gate++) bias[pair][gate] = work.bias[(head * 4 + gate) * D + warp * UNITS + pair * 8 + row];
    }

    float given[CELLS][4];
    auto fetch = [&](int64_t t) {
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
#pragma unroll
            for (int gate = 0; gate < 4; gate++) given[cell][gate] = __ldg(gates[cell % 2] + t * work.gates_step + gate * work.gates_gate + cell / 2 * 8);
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
            sums[pair][0][s] = given[cell][0] + bias[pair][0];
            sums[pair][0][2 + s] = given[cell][1] + bias[pair][1];
            sums[pair][1][s] = given[cell][2] + bias[pair][2];
            sums[pair][1][2 + s] = given[cell][3] + bias[pair][3];
        }
        if (t + 1 < work.steps) fetch(t + 1);
        __syncthreads();
#pragma unroll
        for (int k = 0; k < STEPS_K; k++) {
            const auto* from = &shared[now][row][16 * k + column];
            const uint32_t b0 = *reinterpret_cast<const uint32_t*>(from), b1 = *reinterpret_cast<const uint32_t*>(from + 8);
#pragma unroll
            for (int pair = 0; pair < 2; pair++) {
                multiply(sums[pair][0], kernel[pair][0][k], b0, b1);
                multiply(sums[pair][1], kernel[pair][1][k], b0, b1);
            }
        }
#pragma unroll
        for (int cell = 0; cell < CELLS; cell++) {
            const int pair = cell / 2, s = cell % 2;
            const float ri = sums[pair][0][s], rf = fminf(sums[pair][0][2 + s], work.cap), rz = sums[pair][1][s], ro = sums[pair][1][2 + s];
            const float kept = m[cell] + (fminf(rf, 0.0f) - __logf(1.0f + __expf(-fabsf(rf))));
            const float gap = ri - kept, e = __expf(-fabsf(gap));
            const bool opens = gap >= 0.0f;
            const float i = opens || fresh ? 1.0f : e, f = opens ? e : 1.0f;
            m[cell] = opens || fresh ? ri : kept;
            c[cell] = f * c[cell] + i * tangent(rz);
            n[cell] = f * n[cell] + i;
            h[cell] = (0.5f + 0.5f * tangent(0.5f * ro)) * __fdividef(c[cell], n[cell]);
            // Minimum and comparisons drop NaN where the plain formulas would carry it on.
            if (isnan(ri) || isnan(sums[pair][0][2 + s])) h[cell] = c[cell] = n[cell] = m[cell] = __int_as_float(0x7fc00000);
            const int unit = warp * UNITS + pair * 8 + row;
            shared[1 - now][column + s][unit] = __float2bfloat16(h[cell]);
            if (inside[s]) work.hidden[(series[s] * work.steps + t) * width + head * D + unit] = h[cell];
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

template <int D>
const char* launch(const SlstmCudaWork& work, cudaStream_t stream) {
    const dim3 grid(static_cast<unsigned>(work.heads), static_cast<unsigned>((work.batch + SERIES - 1) / SERIES));
    recurrence<D><<<grid, 2 * D, 0, stream>>>(work);
    const auto status = cudaGetLastError();
    return status == cudaSuccess ? nullptr : cudaGetErrorString(status);
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
