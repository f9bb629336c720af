// The sLSTM recurrence on whichever device its tensors lie: what the operators share.
#pragma once
#include "internal.h"
#include "slstm.h"

#include <ATen/Parallel.h>

#include <algorithm>

namespace forecast {

struct SlstmResult {
    at::Tensor hidden, state, saved;
};

// The kernels of this processor by the floats of their vectors; 0: the widest that it has.
const SlstmKernels& slstm_kernels(int64_t lanes);

// Whether this library has a CUDA kernel for heads of so many units.
bool slstm_cuda(int64_t units);

// A kernel [head, in, 4 out] as slstm_run takes it: panels of vectors on the CPU (see slstm.h), [head, 4 out, in] on CUDA, there in
// bfloat16 or float32, which is the precision of the products.
at::Tensor slstm_packed(const at::Tensor& recurrent, int64_t lanes, bool bfloat16);

// gates [B, T, 4, H, D], start [4, B or 1, H D] or undefined. Results go into `hidden` and `state` where these are given; saved values
// for the way back where they are wanted.
SlstmResult slstm_run(const at::Tensor& gates, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& start, double cap, bool save, const at::Tensor& hidden = {}, const at::Tensor& state = {});

// Runs work(head, first row, rows) for every head and tile of rows. Heads are outermost: a core keeps its head's kernel.
template <typename Work>
void slstm_each_tile(int64_t heads, int64_t batch, int64_t tile_rows, Work&& work) {
    const int64_t threads = at::in_parallel_region() ? 1 : at::get_num_threads();
    constexpr int64_t most = 48;
    const int64_t wanted = std::max<int64_t>(1, batch * heads / std::max<int64_t>(1, 2 * threads));
    const int64_t rows = std::min(most, (wanted + tile_rows - 1) / tile_rows * tile_rows);
    const int64_t tiles = (batch + rows - 1) / rows, tasks = heads * tiles;
    const int used = static_cast<int>(std::min(threads, tasks));
    (void)used;
#pragma omp parallel for num_threads(used) schedule(static)
    for (int64_t task = 0; task < tasks; task++) {
        const int64_t row = task % tiles * rows;
        work(task / tiles, row, std::min(rows, batch - row));
    }
}

}  // namespace forecast
