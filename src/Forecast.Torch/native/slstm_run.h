// The sLSTM recurrence on whichever device its tensors lie: what the operators share.
#pragma once
#include "internal.h"
#include "slstm.h"
#include "tasks.h"

#include <ATen/Parallel.h>

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

// Threads for work that is shared out here: one inside a part of work that is shared out already.
inline int64_t free_threads() { return at::in_parallel_region() ? 1 : at::get_num_threads(); }

}  // namespace forecast
