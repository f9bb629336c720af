// A stack of frozen residual blocks in one operator, forecast::slstm_stack: x + sLSTM(norm(x)), then x + FFN(norm(x)). Products are
// libtorch's, in the weights' type; between them each row is read once and written once.
#include "slstm_run.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/GradMode.h>
#include <torch/library.h>

#ifdef FT_CUDA_KERNELS
#include <c10/cuda/CUDAStream.h>
#endif

namespace forecast {
namespace {

// Weights of a block, in this order.
enum Part { NORM, MAPS, KERNEL, BIAS, SCALE, NORM_BEFORE_FFN, GATE, UP, DOWN, PARTS };

struct Norm {
    const at::Tensor& weight;
    double eps;
};

constexpr int64_t GRAIN = 16;  // rows that a thread takes at least

#ifdef FT_CUDA_KERNELS
RowsCudaWork rows_of(const at::Tensor& x, const Norm& norm, const at::Tensor& out, const at::Tensor& normed) {
    RowsCudaWork work{};
    work.rows = x.size(0);
    work.width = x.size(1);
    work.x = x.data_ptr<float>();
    if (norm.weight.defined()) {
        work.weight = norm.weight.data_ptr<float>();
        work.normed = normed.data_ptr();
    }
    work.eps = static_cast<float>(norm.eps);
    work.out = out.defined() ? out.data_ptr<float>() : nullptr;
    work.bfloat16 = normed.scalar_type() == at::kBFloat16;
    return work;
}

void launched(const char* failure) { TORCH_CHECK(failure == nullptr, "slstm_stack on CUDA: ", failure); }
#endif

// out = x + add, normed = norm(out); without `add` only the latter, without a weight only the former.
void add_norm(const at::Tensor& x, const at::Tensor& add, const Norm& norm, const at::Tensor& out, const at::Tensor& normed) {
#ifdef FT_CUDA_KERNELS
    if (x.is_cuda()) {
        auto work = rows_of(x, norm, out, normed);
        work.add = add.defined() ? add.data_ptr() : nullptr;
        return launched(rows_cuda_norm(work, c10::cuda::getCurrentCUDAStream().stream()));
    }
#endif
    const auto& rows = slstm_kernels(0).rows_of;
    const auto width = x.size(1);
    const float *from = x.data_ptr<float>(), *more = add.defined() ? add.data_ptr<float>() : nullptr, *weight = norm.weight.defined() ? norm.weight.data_ptr<float>() : nullptr;
    float *to = out.defined() ? out.data_ptr<float>() : nullptr, *ready = weight != nullptr ? normed.data_ptr<float>() : nullptr;
    at::parallel_for(0, x.size(0), GRAIN, [&](int64_t first, int64_t last) {
        for (int64_t at = first * width; at < last * width; at += width)
            rows.add_norm(from + at, more != nullptr ? more + at : nullptr, weight, static_cast<float>(norm.eps), width, to != nullptr ? to + at : nullptr, ready != nullptr ? ready + at : nullptr);
    });
}

// out = x + norm per head of `hidden`, normed = norm(out).
void add_group_norm(const at::Tensor& x, const at::Tensor& hidden, int64_t heads, const Norm& group, const Norm& norm, const at::Tensor& out, const at::Tensor& normed) {
#ifdef FT_CUDA_KERNELS
    if (x.is_cuda()) {
        auto work = rows_of(x, norm, out, normed);
        work.h = hidden.data_ptr<float>();
        work.heads = heads;
        work.scale = group.weight.data_ptr<float>();
        work.group_eps = static_cast<float>(group.eps);
        return launched(rows_cuda_norm(work, c10::cuda::getCurrentCUDAStream().stream()));
    }
#endif
    const auto& rows = slstm_kernels(0).rows_of;
    const auto width = x.size(1);
    const float *from = x.data_ptr<float>(), *h = hidden.data_ptr<float>(), *scale = group.weight.data_ptr<float>(), *weight = norm.weight.data_ptr<float>();
    float *to = out.data_ptr<float>(), *ready = normed.data_ptr<float>();
    at::parallel_for(0, x.size(0), GRAIN, [&](int64_t first, int64_t last) {
        for (int64_t at = first * width; at < last * width; at += width)
            rows.add_group_norm(from + at, h + at, scale, static_cast<float>(group.eps), weight, static_cast<float>(norm.eps), heads, width, to + at, ready + at);
    });
}

// a = silu(a) b
void gate(const at::Tensor& a, const at::Tensor& b) {
#ifdef FT_CUDA_KERNELS
    if (a.is_cuda()) return launched(rows_cuda_gate(a.data_ptr(), b.data_ptr(), a.numel(), a.scalar_type() == at::kBFloat16, c10::cuda::getCurrentCUDAStream().stream()));
#endif
    const auto& rows = slstm_kernels(0).rows_of;
    const auto width = a.size(1);
    float* left = a.data_ptr<float>();
    const float* right = b.data_ptr<float>();
    at::parallel_for(0, a.size(0), GRAIN, [&](int64_t first, int64_t last) { rows.gate(left + first * width, right + first * width, (last - first) * width); });
}

void check(const at::Tensor& x, const std::vector<at::Tensor>& weights, int64_t heads) {
    TORCH_CHECK(x.dim() == 3 && x.scalar_type() == at::kFloat && x.size(2) % heads == 0, "slstm_stack reads float32 [batch, step, width] with ", heads, " heads, not ", describe(x));
    TORCH_CHECK(!weights.empty() && weights.size() % PARTS == 0, "slstm_stack takes ", static_cast<int>(PARTS), " weights a block, not ", weights.size());
    const auto width = x.size(2), units = width / heads;
    const auto type = weights[MAPS].scalar_type();
    for (size_t i = 0; i < weights.size(); i++) {
        const auto& weight = weights[i];
        const auto part = i % PARTS;
        const auto inner = weights[i - part + GATE].size(0);
        const bool product = part == MAPS || part >= GATE;
        TORCH_CHECK(weight.device() == x.device() && weight.is_contiguous() && (part == KERNEL || weight.scalar_type() == (product ? type : at::kFloat)), "slstm_stack: weight ", i, " is ", describe(weight));
        const int64_t wanted = part == MAPS ? 4 * width * units : part == BIAS ? 4 * width : part >= GATE ? inner * width : part == KERNEL ? weight.numel() : width;
        TORCH_CHECK(weight.numel() == wanted, "slstm_stack: weight ", i, " is ", describe(weight), ", ", wanted, " numbers are wanted");
    }
#ifdef FT_CUDA_KERNELS
    TORCH_CHECK(x.device().is_cpu() ? type == at::kFloat : rows_cuda_has(width, heads) && (type == at::kFloat || type == at::kBFloat16), "slstm_stack: no kernels for ", describe(x), " with weights of ", type);
#else
    TORCH_CHECK(x.device().is_cpu() && type == at::kFloat, "slstm_stack: no kernels for ", describe(x), " with weights of ", type);
#endif
}

// x [B, T, width]; weights: PARTS a block; states [blocks, 4, B or 1, width] to start from. Returns the last block's output and the
// states after the last step [blocks, 4, B, width]. No gradient.
std::tuple<at::Tensor, at::Tensor> slstm_stack(const at::Tensor& x, const std::vector<at::Tensor>& weights, const OptionalTensor& states, int64_t heads, double cap, double eps, double group_eps) {
    const at::NoGradGuard frozen;
    check(x, weights, heads);
    const c10::OptionalDeviceGuard guard(x.device());
    const auto blocks = static_cast<int64_t>(weights.size() / PARTS), batch = x.size(0), steps = x.size(1), width = x.size(2), units = width / heads, rows = batch * steps;
    const bool carried = states.has_value() && states->defined();
    TORCH_CHECK(!carried || (states->dim() == 4 && states->size(0) == blocks && states->size(1) == 4 && (states->size(2) == batch || states->size(2) == 1) && states->size(3) == width && states->scalar_type() == at::kFloat),
                "slstm_stack: the states are not [", blocks, ", 4, ", batch, ", ", width, "]");
    const auto options = x.options().memory_format(at::MemoryFormat::Contiguous);
    const auto products = options.dtype(weights[MAPS].scalar_type());
    const auto inner = weights[GATE].size(0);
    const auto input = x.detach().contiguous().view({rows, width});
    const auto stream = at::empty({rows, width}, options);
    const auto hidden = at::empty({batch, steps, width}, options), after = at::empty({blocks, 4, batch, width}, options);
    auto normed = at::empty({rows, width}, products), gates = at::empty({heads, rows, 4 * units}, products);
    auto left = at::empty({rows, inner}, products), right = at::empty({rows, inner}, products), down = at::empty({rows, width}, products);
    const auto by_head = normed.view({rows, heads, units}).transpose(0, 1);
    const auto by_gate = gates.view({heads, batch, steps, 4, units}).permute({1, 2, 3, 0, 4});
    add_norm(input, {}, {weights[NORM], eps}, {}, normed);
    for (int64_t block = 0; block < blocks; block++) {
        const auto* own = weights.data() + block * PARTS;
        at::bmm_out(gates, by_head, own[MAPS]);
        slstm_run(by_gate, own[KERNEL], own[BIAS], carried ? states->select(0, block) : at::Tensor(), cap, false, hidden, after.select(0, block));
        add_group_norm(block == 0 ? input : stream, hidden.view({rows, width}), heads, {own[SCALE], group_eps}, {own[NORM_BEFORE_FFN], eps}, stream, normed);
        at::mm_out(left, normed, own[GATE].t());
        at::mm_out(right, normed, own[UP].t());
        gate(left, right);
        at::mm_out(down, left, own[DOWN].t());
        const at::Tensor next = block + 1 < blocks ? own[PARTS + NORM] : at::Tensor();
        add_norm(stream, down, {next, eps}, stream, normed);
    }
    return {stream.view({batch, steps, width}), after};
}

}  // namespace
}  // namespace forecast

TORCH_LIBRARY_FRAGMENT(forecast, library) {
    library.def("slstm_stack(Tensor x, Tensor[] weights, Tensor? states, int heads, float cap, float eps, float group_eps) -> (Tensor, Tensor)", &forecast::slstm_stack);
}
