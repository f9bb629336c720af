// The sLSTM recurrence as an operator of libtorch's dispatcher, with its gradient: forecast::slstm.
#include "slstm.h"
#include "internal.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#ifdef FT_CUDA_KERNELS
#include "slstm_cuda.h"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

#include <algorithm>

namespace forecast {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

static bool has(int64_t lanes) {
#ifdef __x86_64__
    if (lanes == 16) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (lanes == 8) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return lanes == 4;
}

// Kernels by the floats of their vectors; 0: the widest that this processor has.
static const SlstmKernels& kernels(int64_t lanes) {
    TORCH_CHECK(lanes == 0 || has(lanes), "this processor has no vectors of ", lanes, " floats");
#ifdef __x86_64__
    if (lanes == 16 || (lanes == 0 && has(16))) return slstm_avx512;
    if (lanes == 8 || (lanes == 0 && has(8))) return slstm_avx2;
#endif
    return slstm_generic;
}

// Floats of the vectors that would be used; an error where this processor has none such.
static int64_t slstm_lanes(int64_t wanted) { return kernels(wanted).lanes; }

// [head, size / (4 lanes), 4 lanes]: the shape says for which kernels it is.
static at::Tensor packed_for(const at::Tensor& recurrent, const SlstmKernels& k, bool back) {
    const auto heads = recurrent.size(0), units = recurrent.size(1);
    const auto size = back ? k.packed_back_size(units) : k.packed_size(units);
    auto packed = at::empty({heads, size / (4 * k.lanes), 4 * k.lanes}, recurrent.options().memory_format(at::MemoryFormat::Contiguous));
    for (int64_t head = 0; head < heads; head++) {
        const float* from = recurrent.data_ptr<float>() + head * recurrent.stride(0);
        (back ? k.pack_back : k.pack)(from, recurrent.stride(1), recurrent.stride(2), units, packed.data_ptr<float>() + head * size);
    }
    return packed;
}

static at::Tensor slstm_pack(const at::Tensor& recurrent, int64_t lanes) {
    TORCH_CHECK(recurrent.dim() == 3 && recurrent.scalar_type() == at::kFloat && recurrent.device().is_cpu(), "slstm_pack reads a float32 kernel [head, in, 4 out] on the CPU");
    return packed_for(recurrent.detach(), kernels(lanes), false);
}

// Runs work(head, first row, rows) for every head and tile of rows. Heads are outermost: a core keeps its head's kernel.
template <typename Work>
static void each_tile(int64_t heads, int64_t batch, int64_t tile_rows, Work&& work) {
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

struct SlstmResult {
    at::Tensor hidden, state, saved;
};

static SlstmResult run_forward(const at::Tensor& gates, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& start, double cap, bool save) {
    const auto batch = gates.size(0), steps = gates.size(1), heads = gates.size(3), units = gates.size(4), width = heads * units;
    SlstmResult result;
    result.hidden = at::empty({batch, steps, width}, gates.options());
    result.state = at::empty({4, batch, width}, gates.options());
    if (save) result.saved = at::empty({5, batch, steps, width}, gates.options());
    const auto flat_bias = bias.contiguous();
    SlstmForward work{};
    work.heads = heads;
    work.units = units;
    work.batch = batch;
    work.steps = steps;
    work.gates = gates.data_ptr<float>();
    work.gates_batch = gates.stride(0);
    work.gates_step = gates.stride(1);
    work.gates_gate = gates.stride(2);
    work.gates_head = gates.stride(3);
    work.packed = packed.data_ptr<float>();
    work.bias = flat_bias.data_ptr<float>();
    work.start = start.defined() ? start.data_ptr<float>() : nullptr;
    work.first = !start.defined() || start.select(0, 2).eq(0).all().item<bool>();
    work.cap = static_cast<float>(cap);
    work.hidden = result.hidden.data_ptr<float>();
    work.state = result.state.data_ptr<float>();
    work.saved = save ? result.saved.data_ptr<float>() : nullptr;
    const auto& k = kernels(packed.size(2) / 4);
    TORCH_CHECK(packed.size(0) == heads && packed.numel() == heads * k.packed_size(units), "the packed kernel is not one of ", heads, " heads of ", units, " units for this processor");
    each_tile(heads, batch, k.rows, [&](int64_t head, int64_t row, int64_t rows) { k.forward(work, head, row, rows); });
    return result;
}

// An absent start state travels as a tensor without elements: autograd wants every tensor to have a device.
static at::Tensor present(const at::Tensor& tensor) { return tensor.numel() > 0 ? tensor : at::Tensor(); }

struct SlstmFunction : torch::autograd::Function<SlstmFunction> {
    static variable_list forward(AutogradContext* context, const at::Tensor& gates, const at::Tensor& recurrent, const at::Tensor& bias, const at::Tensor& start, double cap, int64_t lanes) {
        auto result = run_forward(gates, packed_for(recurrent, kernels(lanes), false), bias, present(start), cap, true);
        context->saved_data["lanes"] = lanes;
        context->save_for_backward({recurrent, result.hidden, result.saved, start});
        context->mark_non_differentiable({result.state});
        return {result.hidden, result.state};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto kept = context->get_saved_variables();
        const auto &recurrent = kept[0], &hidden = kept[1], &saved = kept[2];
        const auto start = present(kept[3]);
        const auto batch = hidden.size(0), steps = hidden.size(1), heads = recurrent.size(0), units = recurrent.size(1);
        const auto gradient = gradients[0].contiguous();
        const auto& k = kernels(context->saved_data["lanes"].toInt());
        const auto packed = packed_for(recurrent, k, true);
        auto gates = at::empty({heads, batch, steps, 4, units}, hidden.options());
        SlstmBackward work{};
        work.heads = heads;
        work.units = units;
        work.batch = batch;
        work.steps = steps;
        work.packed = packed.data_ptr<float>();
        work.saved = saved.data_ptr<float>();
        work.start = start.defined() ? start.data_ptr<float>() : nullptr;
        work.gradient = gradient.data_ptr<float>();
        work.gates = gates.data_ptr<float>();
        each_tile(heads, batch, k.rows, [&](int64_t head, int64_t row, int64_t rows) { k.backward(work, head, row, rows); });
        // dR = sum over steps of (h of the step before)^T times the gates' gradient: one product a head.
        const auto first = start.defined() ? start.select(0, 0).unsqueeze(1) : at::zeros({batch, 1, heads * units}, hidden.options());
        const auto before = at::cat({first, hidden.narrow(1, 0, steps - 1)}, 1).view({batch * steps, heads, units}).permute({1, 2, 0});
        auto kernel = at::matmul(before, gates.view({heads, batch * steps, 4 * units}));
        auto bias = gates.sum(at::IntArrayRef{1, 2}).reshape({-1});
        return {gates.permute({1, 2, 3, 0, 4}), kernel, bias, at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

// Whether this library has a CUDA kernel for heads of so many units.
static bool slstm_cuda(int64_t units) {
#ifdef FT_CUDA_KERNELS
    return slstm_cuda_has(units);
#else
    (void)units;
    return false;
#endif
}

#ifdef FT_CUDA_KERNELS
// In bfloat16 products with float32 states; `packed`: the kernel as bfloat16 [H, 4 D, D].
static std::tuple<at::Tensor, at::Tensor> run_cuda(const at::Tensor& gates, const at::Tensor& recurrent, const at::Tensor& bias, const at::Tensor& start, double cap, const OptionalTensor& packed) {
    const c10::cuda::CUDAGuard guard(gates.device());
    const auto batch = gates.size(0), steps = gates.size(1), heads = gates.size(3), units = gates.size(4), width = heads * units;
    const auto kernel = packed.has_value() && packed->defined() ? *packed : recurrent.detach().transpose(1, 2).to(at::kBFloat16).contiguous();
    TORCH_CHECK(kernel.is_contiguous() && kernel.scalar_type() == at::kBFloat16 && kernel.numel() == heads * 4 * units * units, "the packed kernel is not one of ", heads, " heads of ", units, " units for CUDA");
    const auto flat_bias = bias.detach().contiguous();
    auto hidden = at::empty({batch, steps, width}, gates.options().memory_format(at::MemoryFormat::Contiguous));
    auto state = at::empty({4, batch, width}, hidden.options());
    at::Tensor first;
    SlstmCudaWork work{};
    work.heads = heads;
    work.units = units;
    work.batch = batch;
    work.steps = steps;
    work.gates = gates.data_ptr<float>();
    work.gates_batch = gates.stride(0);
    work.gates_step = gates.stride(1);
    work.gates_gate = gates.stride(2);
    work.gates_head = gates.stride(3);
    work.kernel = kernel.data_ptr();
    work.bias = flat_bias.data_ptr<float>();
    if (start.defined()) {
        first = start.select(0, 2).eq(0).all();
        work.start = start.data_ptr<float>();
        work.first = first.data_ptr<bool>();
    }
    work.cap = static_cast<float>(cap);
    work.hidden = hidden.data_ptr<float>();
    work.state = state.data_ptr<float>();
    const char* failure = slstm_cuda_forward(work, c10::cuda::getCurrentCUDAStream().stream());
    TORCH_CHECK(failure == nullptr, "slstm on CUDA: ", failure);
    return {hidden, state};
}
#endif

// gates [B, T, 4, H, D], recurrent [H, D, 4 D], bias [4 H D], state [4, B, H D], packed: slstm_pack(recurrent), for weights that stay.
// lanes: floats of the vectors where nothing is packed, 0 for the widest.
// Returns the hidden states [B, T, H D] and the last state; gradients flow through the former only.
static std::tuple<at::Tensor, at::Tensor> slstm(const at::Tensor& gates, const at::Tensor& recurrent, const at::Tensor& bias, const OptionalTensor& state, double cap, const OptionalTensor& packed, int64_t lanes) {
    TORCH_CHECK(gates.dim() == 5 && gates.size(2) == 4 && recurrent.dim() == 3, "slstm reads gates [batch, step, 4, head, unit] and a kernel [head, in, 4 out]");
    const auto heads = gates.size(3), units = gates.size(4), width = heads * units;
    TORCH_CHECK(recurrent.size(0) == heads && recurrent.size(1) == units && recurrent.size(2) == 4 * units && bias.numel() == 4 * width, "slstm: kernel or bias do not fit gates of ", heads, " heads and ", units, " units");
    TORCH_CHECK(gates.scalar_type() == at::kFloat && recurrent.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat, "slstm computes in float32");
    TORCH_CHECK(gates.device() == recurrent.device() && gates.device() == bias.device(), "slstm: gates, kernel and bias lie on different devices");
    TORCH_CHECK(gates.device().is_cpu() || (gates.device().is_cuda() && slstm_cuda(units)), "slstm: this library has no recurrence for ", describe(gates));
    const auto dense = gates.stride(4) == 1 || units == 1 ? gates : gates.contiguous();
    at::Tensor start;
    if (state.has_value() && state->defined()) {
        TORCH_CHECK(state->numel() == 4 * gates.size(0) * width && state->scalar_type() == at::kFloat, "slstm: the state is not [4, batch, width]");
        TORCH_CHECK(!state->requires_grad() || !at::GradMode::is_enabled(), "slstm gives no gradient to the state that it starts from");
        start = state->detach().contiguous();
    }
    const bool graded = at::GradMode::is_enabled() && (gates.requires_grad() || recurrent.requires_grad() || bias.requires_grad());
#ifdef FT_CUDA_KERNELS
    if (gates.device().is_cuda()) {
        TORCH_CHECK(!graded, "slstm has no gradient on CUDA");
        return run_cuda(dense, recurrent, bias, start, cap, packed);
    }
#endif
    if (graded) {
        auto results = SlstmFunction::apply(dense, recurrent, bias, start.defined() ? start : at::empty({0}, gates.options()), cap, lanes);
        return {results[0], results[1]};
    }
    const auto ready = packed.has_value() && packed->defined() ? *packed : packed_for(recurrent, kernels(lanes), false);
    auto result = run_forward(dense, ready, bias, start, cap, false);
    return {result.hidden, result.state};
}

}  // namespace forecast

TORCH_LIBRARY(forecast, library) {
    library.def("slstm(Tensor gates, Tensor recurrent, Tensor bias, Tensor? state, float cap, Tensor? packed, int lanes) -> (Tensor, Tensor)", &forecast::slstm);
    library.def("slstm_pack(Tensor recurrent, int lanes) -> Tensor", &forecast::slstm_pack);
    library.def("slstm_cuda(int units) -> bool", &forecast::slstm_cuda);
    library.def("slstm_lanes(int wanted) -> int", &forecast::slstm_lanes);
}
