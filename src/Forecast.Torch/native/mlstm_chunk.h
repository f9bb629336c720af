// A chunk of the mLSTM within one block of CUDA threads: its matrices in shared memory, products by register tiles, sums in float32.
#pragma once
#include "mlstm.h"

#include <cuda_runtime.h>

namespace forecast {
namespace {

constexpr int THREADS = 256, SIDE = 16, LANES = 32, LONGEST = 64;

// Odd: neither neighbours in a row nor in a column fall into the same bank.
__host__ __device__ inline int pitch(int columns) { return columns | 1; }

// Numbers in shared memory, by row and column.
struct View {
    float* data;
    int row, column;
    __device__ float& at(int r, int c) const { return data[r * row + c * column]; }
    __device__ View across() const { return {data, column, row}; }
};

// Hands out shared memory; on the host it only counts.
struct Shelf {
    float* free;
    int floats;
    __host__ __device__ View matrix(int rows, int columns) { return {vector(rows * pitch(columns)), pitch(columns), 1}; }
    __host__ __device__ float* vector(int count) {
        float* made = free + floats;
        floats += count;
        return made;
    }
};

// I x 4 sums of a thread, SIDE apart, of a matrix [rows, columns].
template <int I>
struct Tile {
    float sums[I][4] = {};
    int row, column, rows, columns;

    __device__ Tile(int first_row, int first_column, int all_rows, int all_columns)
        : row(first_row + threadIdx.x / SIDE), column(first_column + threadIdx.x % SIDE), rows(all_rows), columns(all_columns) {}

    // += a b, a [rows, depth].
    __device__ void add(const View& a, const View& b, int depth) {
        const float *left[I], *right[4];
        for (int i = 0; i < I; i++) left[i] = &a.at(min(row + SIDE * i, rows - 1), 0);
        for (int j = 0; j < 4; j++) right[j] = &b.at(0, min(column + SIDE * j, columns - 1));
        for (int k = 0; k < depth; k++) {
            float x[I], y[4];
#pragma unroll
            for (int i = 0; i < I; i++) x[i] = left[i][k * a.column];
#pragma unroll
            for (int j = 0; j < 4; j++) y[j] = right[j][k * b.row];
#pragma unroll
            for (int i = 0; i < I; i++) {
#pragma unroll
                for (int j = 0; j < 4; j++) sums[i][j] = fmaf(x[i], y[j], sums[i][j]);
            }
        }
    }

    // work(row, column, sum) for those that lie inside.
    template <typename Work>
    __device__ void each(Work&& work) {
#pragma unroll
        for (int i = 0; i < I; i++) {
#pragma unroll
            for (int j = 0; j < 4; j++) {
                if (row + SIDE * i < rows && column + SIDE * j < columns) work(row + SIDE * i, column + SIDE * j, sums[i][j]);
            }
        }
    }
};

// work(tile) for all tiles of a matrix [rows, columns].
template <typename Work>
__device__ void tiles(int rows, int columns, Work&& work) {
    for (int column = 0; column < columns; column += 4 * SIDE) {
        if (rows <= 2 * SIDE) {
            Tile<2> tile(0, column, rows, columns);
            work(tile);
            continue;
        }
        for (int row = 0; row < rows; row += 4 * SIDE) {
            Tile<4> tile(row, column, rows, columns);
            work(tile);
        }
    }
}

// The sum over a warp, which all its lanes get.
__device__ __forceinline__ float over_warp(float x) {
    for (int step = LANES / 2; step > 0; step /= 2) x += __shfl_xor_sync(0xffffffffu, x, step);
    return x;
}

// work(row) by a warp each.
template <typename Work>
__device__ void rows_by_warp(int rows, Work&& work) {
    for (int row = threadIdx.x / LANES; row < rows; row += THREADS / LANES) work(row);
}

// sum of a(i) over i < count, by a warp.
template <typename Term>
__device__ float summed(int count, Term&& term) {
    float whole = 0;
    for (int i = threadIdx.x % LANES; i < count; i += LANES) whole += term(i);
    return over_warp(whole);
}

template <typename Number>
__device__ Number* place(const Sequence<Number>& x, int64_t series, int64_t head, int64_t step) {
    return x.data + series * x.batch + head * x.head + step * x.step;
}

// A chunk on the way there; mlstm_kernel.h says what the vectors hold.
struct Chunk {
    __host__ __device__ Chunk(Shelf& shelf, int chunk, int keys, int values)
        : q(shelf.matrix(chunk, keys)), k(shelf.matrix(chunk, keys)), v(shelf.matrix(chunk, values)), weights(shelf.matrix(chunk, chunk)),
          scores(shelf.matrix(chunk, chunk)), c(shelf.matrix(keys, values)), n(shelf.vector(keys)), sums(shelf.vector(chunk)), u(shelf.vector(chunk)),
          tops(shelf.vector(chunk)), shares(shelf.vector(chunk)), b(shelf.vector(chunk)), norms(shelf.vector(chunk)), into(shelf.vector(chunk)) {}

    View q, k, v, weights, scores, c;
    float *n, *sums, *u, *tops, *shares, *b, *norms, *into;
    float m = 0, next = 0, kept = 0;
    int length = 0;
};

__device__ inline void read(const Sequence<const float>& from, int64_t series, int64_t head, int64_t first, float scale, int rows, int columns, const View& to) {
    for (int at = threadIdx.x; at < rows * columns; at += THREADS) to.at(at / columns, at % columns) = scale * place(from, series, head, first + at / columns)[at % columns];
}

// Everything from the inputs of a chunk to the norms of its hidden states; c, n and m are the state before it.
__device__ inline void attend(const MlstmForward& work, int64_t series, int64_t head, int64_t first, Chunk& at) {
    const int keys = static_cast<int>(work.keys), values = static_cast<int>(work.values);
    const int length = at.length = static_cast<int>(work.steps - first < work.chunk ? work.steps - first : work.chunk), t = threadIdx.x;
    read(work.q, series, head, first, 1.0f / sqrtf(static_cast<float>(keys)), length, keys, at.q);
    read(work.k, series, head, first, 1.0f, length, keys, at.k);
    read(work.v, series, head, first, 1.0f, length, values, at.v);
    if (t < length) {
        const float f = *place(work.f, series, head, first + t);
        at.sums[t] = (f < 0 ? f : 0.0f) - log1pf(expf(-fabsf(f)));
        at.u[t] = *place(work.i, series, head, first + t);
    }
    __syncthreads();
    if (t == 0) {
        float sum = 0, highest = at.m;
        for (int s = 0; s < length; s++) {
            at.sums[s] = sum += at.sums[s];
            at.u[s] -= sum;
            // NaN is a top that stays.
            if (highest == highest && !(at.u[s] <= highest)) highest = at.u[s];
            at.tops[s] = highest;
        }
    }
    __syncthreads();
    const float highest = at.tops[length - 1];
    at.next = at.sums[length - 1] + highest;
    at.kept = expf(at.m - highest);
    if (t < length) {
        at.shares[t] = expf(at.m - at.tops[t]);
        at.into[t] = expf(at.u[t] - highest);
    }
    tiles(length, length, [&](auto& tile) {
        tile.add(at.q, at.k.across(), keys);
        tile.each([&](int r, int s, float sum) {
            const float weight = s <= r ? expf(at.u[s] - at.tops[r]) : 0.0f;
            at.weights.at(r, s) = weight;
            at.scores.at(r, s) = s <= r ? sum * weight : 0.0f;
        });
    });
    __syncthreads();
    rows_by_warp(length, [&](int r) {
        const float within = summed(r + 1, [&](int s) { return at.scores.at(r, s); }), before = summed(keys, [&](int i) { return at.q.at(r, i) * at.n[i]; });
        if (threadIdx.x % LANES == 0) {
            const float b = within + at.shares[r] * before, size = fabsf(b), least = expf(-at.sums[r] - at.tops[r]);
            at.b[r] = b;
            at.norms[r] = (size < least ? least : size) + static_cast<float>(work.eps);
        }
    });
    __syncthreads();
}

// c, n and m from numbers one after another, or zeros.
__device__ inline void load_state(const float* c, const float* n, const float* m, int keys, int values, Chunk& at) {
    for (int i = threadIdx.x; i < keys * values; i += THREADS) at.c.at(i / values, i % values) = c != nullptr ? c[i] : 0.0f;
    for (int i = threadIdx.x; i < keys; i += THREADS) at.n[i] = c != nullptr ? n[i] : 0.0f;
    at.m = c != nullptr ? *m : 0.0f;
    __syncthreads();
}

}  // namespace
}  // namespace forecast
