// Tasks and threads of the sLSTM recurrence on the CPU, launches on CUDA.
#include "slstm_run.h"

#ifdef FT_CUDA_KERNELS
#include "slstm_cuda.h"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

namespace forecast {

static bool has(int64_t lanes) {
#ifdef __x86_64__
    if (lanes == 16) return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (lanes == 8) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return lanes == 4;
}

const SlstmKernels& slstm_kernels(int64_t lanes) {
    TORCH_CHECK(lanes == 0 || has(lanes), "this processor has no vectors of ", lanes, " floats");
#ifdef __x86_64__
    if (lanes == 16 || (lanes == 0 && has(16))) return slstm_avx512;
    if (lanes == 8 || (lanes == 0 && has(8))) return slstm_avx2;
#endif
    return slstm_generic;
}

bool slstm_cuda(int64_t units) {
#ifdef FT_CUDA_KERNELS
    return slstm_cuda_has(units);
#else
    (void)units;
    return false;
#endif
}

at::Tensor slstm_packed(const at::Tensor& recurrent, int64_t lanes, bool bfloat16) {
    if (recurrent.device().is_cuda()) return recurrent.transpose(1, 2).to(bfloat16 ? at::kBFloat16 : at::kFloat).contiguous();
    const auto& k = slstm_kernels(lanes);
    const auto heads = recurrent.size(0), units = recurrent.size(1), size = k.packed_size(units);
    // The shape says for which vectors it is.
    auto packed = at::empty({heads, size / (4 * k.lanes), 4 * k.lanes}, recurrent.options().memory_format(at::MemoryFormat::Contiguous));
    for (int64_t head = 0; head < heads; head++)
        k.pack(recurrent.data_ptr<float>() + head * recurrent.stride(0), recurrent.stride(1), recurrent.stride(2), units, packed.data_ptr<float>() + head * size);
    return packed;
}

// What the two kinds of work have under the same names.
template <typename Work>
static void fill(Work& work, const at::Tensor& gates, const at::Tensor& bias, const at::Tensor& start, double cap, const SlstmResult& result) {
    work.batch = gates.size(0);
    work.steps = gates.size(1);
    work.heads = gates.size(3);
    work.units = gates.size(4);
    work.gates_batch = gates.stride(0);
    work.gates_step = gates.stride(1);
    work.gates_gate = gates.stride(2);
    work.gates_head = gates.stride(3);
    work.bias = bias.data_ptr<float>();
    if (start.defined()) {
        work.start = start.data_ptr<float>();
        work.start_part = start.stride(0);
        work.start_batch = start.size(1) == 1 ? 0 : start.stride(1);
    }
    work.cap = static_cast<float>(cap);
    work.hidden = result.hidden.data_ptr<float>();
    work.state = result.state.data_ptr<float>();
    work.saved = result.saved.defined() ? result.saved.data_ptr<float>() : nullptr;
}

static void on_processor(const at::Tensor& gates, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& start, double cap, const SlstmResult& result) {
    const auto& k = slstm_kernels(packed.dim() == 3 ? packed.size(2) / 4 : 0);
    SlstmForward work{};
    fill(work, gates, bias, start, cap, result);
    TORCH_CHECK(packed.numel() == work.heads * k.packed_size(work.units) && packed.size(0) == work.heads, "the packed kernel is not one of ", work.heads, " heads of ", work.units, " units for this processor");
    work.gates = gates.data_ptr<float>();
    work.packed = packed.data_ptr<float>();
    work.first = !start.defined() || start.select(0, 2).eq(0).all().item<bool>();
    each_tile(free_threads(), work.heads, work.batch, k.rows, [&](int64_t head, int64_t row, int64_t rows) { k.forward(work, head, row, rows); });
}

static void on_cuda(const at::Tensor& gates, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& start, double cap, const SlstmResult& result) {
#ifdef FT_CUDA_KERNELS
    const c10::cuda::CUDAGuard guard(gates.device());
    SlstmCudaWork work{};
    fill(work, gates, bias, start, cap, result);
    work.kernel_bfloat16 = packed.scalar_type() == at::kBFloat16;
    TORCH_CHECK(packed.is_contiguous() && packed.numel() == work.heads * 4 * work.units * work.units && (work.kernel_bfloat16 || packed.scalar_type() == at::kFloat),
                "the packed kernel is not one of ", work.heads, " heads of ", work.units, " units for CUDA");
    work.gates = gates.data_ptr();
    work.gates_bfloat16 = gates.scalar_type() == at::kBFloat16;
    work.kernel = packed.data_ptr();
    at::Tensor first;
    if (start.defined()) {
        first = start.select(0, 2).eq(0).all();
        work.first = first.data_ptr<bool>();
    }
    const char* failure = slstm_cuda_forward(work, c10::cuda::getCurrentCUDAStream().stream());
    TORCH_CHECK(failure == nullptr, "slstm on CUDA: ", failure);
#else
    (void)packed, (void)bias, (void)start, (void)cap, (void)result;
    TORCH_CHECK(false, "this library has no recurrence for ", describe(gates));
#endif
}

SlstmResult slstm_run(const at::Tensor& gates, const at::Tensor& packed, const at::Tensor& bias, const at::Tensor& start, double cap, bool save, const at::Tensor& hidden, const at::Tensor& state) {
    const auto batch = gates.size(0), steps = gates.size(1), width = gates.size(3) * gates.size(4);
    const auto options = gates.options().dtype(at::kFloat).memory_format(at::MemoryFormat::Contiguous);
    SlstmResult result;
    result.hidden = hidden.defined() ? hidden : at::empty({batch, steps, width}, options);
    result.state = state.defined() ? state : at::empty({4, batch, width}, options);
    if (save) result.saved = at::empty({5, batch, steps, width}, options);
    const auto flat = bias.contiguous();
    const auto from = start.defined() && start.stride(2) != 1 ? start.contiguous() : start;
    (gates.device().is_cuda() ? on_cuda : on_processor)(gates, packed, flat, from, cap, result);
    return result;
}

}  // namespace forecast
