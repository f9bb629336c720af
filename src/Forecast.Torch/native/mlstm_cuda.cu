// The chunkwise mLSTM on CUDA: a block owns (series, head) for all chunks, with the state and a chunk's matrices in shared memory; products
// in float32, by register tiles. No block waits for another and none adds to another's sums: the same call gives the same bits.
#include "mlstm_chunk.h"
#include "mlstm_cuda.h"

namespace forecast {
namespace {

__global__ void __launch_bounds__(THREADS) forward(MlstmForward work) {
    extern __shared__ float memory[];
    const int keys = static_cast<int>(work.keys), values = static_cast<int>(work.values);
    Shelf shelf{memory, 0};
    Chunk at(shelf, static_cast<int>(work.chunk), keys, values);
    const int64_t head = blockIdx.x % work.heads, series = blockIdx.x / work.heads, place_of = blockIdx.x, size = work.keys * work.values;
    const int64_t chunks = (work.steps + work.chunk - 1) / work.chunk, state = work.keys * (work.values + 1) + 1;
    const bool given = work.c != nullptr;
    load_state(given ? work.c + place_of * size : nullptr, given ? work.n + place_of * keys : nullptr, given ? work.m + place_of : nullptr, keys, values, at);
    auto keep = [&](float* c, float* n, float* m) {
        for (int i = threadIdx.x; i < keys * values; i += THREADS) c[i] = at.c.at(i / values, i % values);
        for (int i = threadIdx.x; i < keys; i += THREADS) n[i] = at.n[i];
        if (threadIdx.x == 0) *m = at.m;
    };
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
        if (work.saved != nullptr) {
            float* to = work.saved + (place_of * chunks + chunk) * state;
            keep(to, to + size, to + size + keys);
        }
        attend(work, series, head, chunk * work.chunk, at);
        tiles(at.length, values, [&](auto& tile) {
            tile.add(at.q, at.c, keys);
            tile.each([&](int t, int, float& sum) { sum *= at.shares[t]; });
            tile.add(at.scores, at.v, at.length);
            tile.each([&](int t, int i, float& sum) { place(work.hidden, series, head, chunk * work.chunk + t)[i] = sum / at.norms[t]; });
        });
        __syncthreads();
        // The state after the chunk.
        for (int i = threadIdx.x; i < at.length * keys; i += THREADS) at.k.at(i / keys, i % keys) *= at.into[i / keys];
        __syncthreads();
        tiles(keys, values, [&](auto& tile) {
            tile.add(at.k.across(), at.v, at.length);
            tile.each([&](int r, int i, float& sum) { at.c.at(r, i) = fmaf(at.kept, at.c.at(r, i), sum); });
        });
        for (int i = threadIdx.x; i < keys; i += THREADS) {
            float sum = at.kept * at.n[i];
            for (int s = 0; s < at.length; s++) sum += at.k.at(s, i);
            at.n[i] = sum;
        }
        at.m = at.next;
        __syncthreads();
    }
    keep(work.last_c + place_of * size, work.last_n + place_of * keys, work.last_m + place_of);
}

// What the way back needs beside the chunk. d: gradients; m's is kept since the norm holds eps, which does not scale with exp(m).
struct ChunkBack {
    __host__ __device__ ChunkBack(Shelf& shelf, int chunk, int keys, int values)
        : g(shelf.matrix(chunk, values)), room(shelf.matrix(chunk, keys)), pairs(shelf.matrix(chunk, chunk)), dc(shelf.matrix(keys, values)), dn(shelf.vector(keys)),
          db(shelf.vector(chunk)), du(shelf.vector(chunk)), dsums(shelf.vector(chunk)), dtops(shelf.vector(chunk)), dshares(shelf.vector(chunk)), dkept(shelf.vector(THREADS / LANES)) {}

    View g, room, pairs, dc;
    float *dn, *db, *du, *dsums, *dtops, *dshares, *dkept;
    float dm = 0;                                             // thread 0's
};

// The greatest up to step t: a step's u, or the m before the chunk (-1), to which the gradient of that top goes.
__device__ int greatest(const Chunk& at, int t) {
    int found = -1;
    float highest = at.m;
    for (int s = 0; s <= t; s++) {
        if (at.u[s] > highest) {
            highest = at.u[s];
            found = s;
        }
    }
    return found;
}

// Gradients of what the hidden states are made of: g = dh / N, db of the norms' sums, pairs = those of q k, and shares of du, dsums, dtops.
__device__ void hidden_back(const MlstmBackward& work, int64_t series, int64_t head, int64_t first, Chunk& at, ChunkBack& d) {
    const int values = static_cast<int>(work.forward.values), length = at.length;
    const float eps = static_cast<float>(work.forward.eps);
    rows_by_warp(length, [&](int t) {
        const float *given = place(work.gradient, series, head, first + t), *hidden = place(work.forward.hidden, series, head, first + t);
        const float along = summed(values, [&](int i) { return given[i] * hidden[i]; }), norm = at.norms[t];
        for (int i = threadIdx.x % LANES; i < values; i += LANES) d.g.at(t, i) = given[i] / norm;
        if (threadIdx.x % LANES == 0) {
            const bool by_sum = fabsf(at.b[t]) + eps >= norm;
            d.db[t] = by_sum ? -along / norm * (at.b[t] < 0 ? -1.0f : 1.0f) : 0.0f;
            d.dtops[t] = -along * eps / norm;
            // exp(-m_t) has F in it as well: m_t = F_t + top_t.
            d.dsums[t] = by_sum ? 0.0f : along * (norm - eps) / norm;
        }
    });
    __syncthreads();
    // `weights` becomes the gradients of q k, `pairs` those of the weights' logarithms.
    tiles(length, length, [&](auto& tile) {
        tile.add(d.g, at.v.across(), values);
        tile.each([&](int t, int s, float& sum) {
            const float whole = sum + d.db[t];
            d.pairs.at(t, s) = whole * at.scores.at(t, s);
            at.weights.at(t, s) *= whole;
        });
    });
}

__global__ void __launch_bounds__(THREADS) backward(MlstmBackward work) {
    extern __shared__ float memory[];
    const MlstmForward& way = work.forward;
    const int keys = static_cast<int>(way.keys), values = static_cast<int>(way.values), thread = threadIdx.x;
    Shelf shelf{memory, 0};
    Chunk at(shelf, static_cast<int>(way.chunk), keys, values);
    ChunkBack d(shelf, static_cast<int>(way.chunk), keys, values);
    const int64_t head = blockIdx.x % way.heads, series = blockIdx.x / way.heads, size = way.keys * way.values;
    const int64_t chunks = (way.steps + way.chunk - 1) / way.chunk, state = way.keys * (way.values + 1) + 1;
    const float scale = 1.0f / sqrtf(static_cast<float>(keys));
    for (int i = thread; i < keys * values; i += THREADS) d.dc.at(i / values, i % values) = 0.0f;
    for (int i = thread; i < keys; i += THREADS) d.dn[i] = 0.0f;
    for (int64_t chunk = chunks - 1; chunk >= 0; chunk--) {
        const int64_t first = chunk * way.chunk;
        const float* from = way.saved + (static_cast<int64_t>(blockIdx.x) * chunks + chunk) * state;
        load_state(from, from + size, from + size + keys, keys, values, at);
        attend(way, series, head, first, at);
        hidden_back(work, series, head, first, at, d);

        // The state after the chunk: C' = kept C + sum w_s k_s v_s, w_s = exp(u_s - top), kept = exp(m - top), m' = F + top.
        tiles(at.length, keys, [&](auto& tile) {
            tile.add(at.v, d.dc.across(), values);
            tile.each([&](int s, int i, float& sum) { d.room.at(s, i) = at.into[s] * (sum + d.dn[i]); });
        });
        float kept = 0;
        for (int i = thread; i < keys * values; i += THREADS) kept += d.dc.at(i / values, i % values) * at.c.at(i / values, i % values);
        for (int i = thread; i < keys; i += THREADS) kept += d.dn[i] * at.n[i];
        kept = over_warp(kept);
        if (thread % LANES == 0) d.dkept[thread / LANES] = kept;
        __syncthreads();
        rows_by_warp(at.length, [&](int s) {
            const float dw = summed(keys, [&](int i) { return d.room.at(s, i) * at.k.at(s, i); });
            if (thread % LANES == 0) d.du[s] = dw;
        });
        tiles(at.length, keys, [&](auto& tile) {
            tile.add(at.weights.across(), at.q, at.length);
            tile.each([&](int s, int i, float& sum) { place(work.k, series, head, first + s)[i] = sum + d.room.at(s, i); });
        });
        tiles(at.length, values, [&](auto& tile) {
            tile.add(at.k, d.dc, keys);
            tile.each([&](int s, int, float& sum) { sum *= at.into[s]; });
            tile.add(at.scores.across(), d.g, at.length);
            tile.each([&](int s, int i, float& sum) { place(work.v, series, head, first + s)[i] = sum; });
        });
        __syncthreads();

        // The state before the chunk, as the queries see it.
        tiles(at.length, keys, [&](auto& tile) {
            tile.add(d.g, at.c.across(), values);
            tile.each([&](int t, int i, float& sum) { d.room.at(t, i) = at.shares[t] * (sum + d.db[t] * at.n[i]); });
        });
        __syncthreads();
        rows_by_warp(at.length, [&](int t) {
            const float share = summed(keys, [&](int i) { return d.room.at(t, i) * at.q.at(t, i); });
            if (thread % LANES == 0) d.dshares[t] = share;
        });
        tiles(at.length, keys, [&](auto& tile) {
            tile.add(at.weights, at.k, at.length);
            tile.each([&](int t, int i, float& sum) { place(work.q, series, head, first + t)[i] = scale * (sum + d.room.at(t, i)); });
        });
        for (int i = thread; i < at.length * values; i += THREADS) d.g.at(i / values, i % values) *= at.shares[i / values];
        __syncthreads();
        tiles(keys, values, [&](auto& tile) {
            tile.add(at.q.across(), d.g, at.length);
            tile.each([&](int r, int i, float& sum) { d.dc.at(r, i) = fmaf(at.kept, d.dc.at(r, i), sum); });
        });
        for (int i = thread; i < keys; i += THREADS) {
            float sum = at.kept * d.dn[i];
            for (int t = 0; t < at.length; t++) sum += at.shares[t] * d.db[t] * at.q.at(t, i);
            d.dn[i] = sum;
        }

        // The gates: thread t first finds out whose its top is (in `b`, which has done its work), then one adds up in order.
        float du = 0;
        if (thread < at.length) {
            at.b[thread] = static_cast<float>(greatest(at, thread));
            du = d.du[thread];
            for (int t = thread; t < at.length; t++) du += d.pairs.at(t, thread);
        }
        __syncthreads();
        if (thread == 0) {
            float dkept = 0, dtop = d.dm;
            for (int warp = 0; warp < THREADS / LANES; warp++) dkept += d.dkept[warp];
            dkept *= at.kept;
            for (int s = 0; s < at.length; s++) dtop -= d.du[s];
            d.dsums[at.length - 1] += d.dm;
            d.dtops[at.length - 1] += dtop - dkept;
            d.dm = dkept;
            for (int t = 0; t < at.length; t++) d.dm += d.dshares[t];
        }
        __syncthreads();
        if (thread < at.length) d.du[thread] = du;
        __syncthreads();
        if (thread == 0) {
            for (int t = 0; t < at.length; t++) {
                const int whose = static_cast<int>(at.b[t]);
                if (whose < 0) d.dm += d.dtops[t];
                else d.du[whose] += d.dtops[t];
            }
            float carried = 0;
            for (int t = at.length - 1; t >= 0; t--) {
                const float f = *place(way.f, series, head, first + t), e = expf(-fabsf(f));
                carried += d.dsums[t] - d.du[t];
                *place(work.i, series, head, first + t) = d.du[t];
                *place(work.f, series, head, first + t) = carried * (f < 0 ? 1.0f : e) / (1.0f + e);
            }
        }
        __syncthreads();
    }
}

size_t forward_bytes(int chunk, int keys, int values) {
    Shelf shelf{nullptr, 0};
    Chunk(shelf, chunk, keys, values);
    return sizeof(float) * shelf.floats;
}

size_t backward_bytes(int chunk, int keys, int values) {
    Shelf shelf{nullptr, 0};
    Chunk(shelf, chunk, keys, values);
    ChunkBack(shelf, chunk, keys, values);
    return sizeof(float) * shelf.floats;
}

const char* told(cudaError_t status) { return status == cudaSuccess ? nullptr : cudaGetErrorString(status); }

template <typename Kernel, typename Work>
const char* launch(Kernel kernel, const Work& work, int64_t blocks, size_t bytes, cudaStream_t stream) {
    if (blocks > INT32_MAX) return "more heads of series than a launch takes";
    const auto status = cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes));
    if (status != cudaSuccess) return cudaGetErrorString(status);
    kernel<<<static_cast<unsigned>(blocks), THREADS, bytes, stream>>>(work);
    return told(cudaGetLastError());
}

}  // namespace

int64_t mlstm_cuda_chunk(int64_t keys, int64_t values, int64_t wanted) {
    int device = 0, room = 0;
    if (cudaGetDevice(&device) != cudaSuccess || cudaDeviceGetAttribute(&room, cudaDevAttrMaxSharedMemoryPerBlockOptin, device) != cudaSuccess) return 0;
    if (keys * values > room) return 0;
    for (int chunk = LONGEST; chunk >= SIDE; chunk /= 2) {
        if (backward_bytes(chunk, static_cast<int>(keys), static_cast<int>(values)) <= static_cast<size_t>(room)) return wanted < chunk ? wanted : chunk;
    }
    return 0;
}

const char* mlstm_cuda_forward(const MlstmForward& work, int64_t batch, void* stream) {
    const auto bytes = forward_bytes(static_cast<int>(work.chunk), static_cast<int>(work.keys), static_cast<int>(work.values));
    return launch(forward, work, batch * work.heads, bytes, static_cast<cudaStream_t>(stream));
}

const char* mlstm_cuda_backward(const MlstmBackward& work, int64_t batch, void* stream) {
    const auto& way = work.forward;
    return launch(backward, work, batch * way.heads, backward_bytes(static_cast<int>(way.chunk), static_cast<int>(way.keys), static_cast<int>(way.values)), static_cast<cudaStream_t>(stream));
}

}  // namespace forecast
