// A stack of frozen residual blocks in one operator, forecast::slstm_stack: x + sLSTM(norm(x)), then x + FFN(norm(x)). On the CPU all of it
// is slstm_blocks.cpp's; on CUDA products are libtorch's, in the weights' type, and between them each row is read once and written once.
#include "slstm_blocks.h"
#include "slstm_run.h"

#include <c10/core/DeviceGuard.h>
#include <c10/core/GradMode.h>
#include <torch/library.h>

#ifdef FT_CUDA_KERNELS
#include <c10/cuda/CUDAStream.h>
#endif

namespace forecast {
namespace {

// Weights of a block, in this order. On the CPU the products' are panels (slstm_panels).
enum Part { NORM, MAPS, KERNEL, BIAS, SCALE, NORM_BEFORE_FFN, GATE, UP, DOWN, PARTS };

using Weights = std::vector<at::Tensor>;

const PanelKernels& panels() { return slstm_kernels(0).panels_of; }

// [N, K] or [H, N, K] -> [(H,) panels, K, columns of a panel] for this processor.
at::Tensor slstm_panels(const at::Tensor& weight) {
    TORCH_CHECK((weight.dim() == 2 || weight.dim() == 3) && weight.device().is_cpu() && weight.scalar_type() == at::kFloat, "slstm_panels reads float32 [out, in] or [head, out, in] on the CPU, not ", describe(weight));
    const auto& k = panels();
    const auto each = weight.dim() == 2 ? weight.unsqueeze(0) : weight;
    const auto columns = each.size(1), depth = each.size(2), count = (columns + k.columns - 1) / k.columns;
    const auto packed = at::empty({each.size(0), count, depth, k.columns}, weight.options().requires_grad(false).memory_format(at::MemoryFormat::Contiguous));
    for (int64_t head = 0; head < each.size(0); head++)
        k.pack(each.data_ptr<float>() + head * each.stride(0), each.stride(1), each.stride(2), columns, depth, packed.data_ptr<float>() + head * packed.stride(0));
    return weight.dim() == 2 ? packed.squeeze(0) : packed;
}

// Rows between gate and down.
int64_t inner_of(const Weights& weights) { return weights[0].device().is_cpu() ? weights[DOWN].size(-2) : weights[GATE].size(0); }

// Numbers of a product's weight [out, in].
int64_t product_size(const at::Tensor& weight, int64_t out, int64_t in) {
    return weight.device().is_cpu() ? (out + panels().columns - 1) / panels().columns * panels().columns * in : out * in;
}

void check(const at::Tensor& x, const Weights& weights, int64_t heads) {
    TORCH_CHECK(x.dim() == 3 && x.scalar_type() == at::kFloat && x.size(2) % heads == 0, "slstm_stack reads float32 [batch, step, width] with ", heads, " heads, not ", describe(x));
    TORCH_CHECK(!weights.empty() && weights.size() % PARTS == 0, "slstm_stack takes ", static_cast<int>(PARTS), " weights a block, not ", weights.size());
    const auto width = x.size(2), units = width / heads;
    const auto type = weights[MAPS].scalar_type();
    TORCH_CHECK(weights[GATE].dim() >= 2 && weights[DOWN].dim() >= 2, "slstm_stack: gate or down is no matrix");
    const auto inner = inner_of(weights);
    for (size_t i = 0; i < weights.size(); i++) {
        const auto& weight = weights[i];
        const auto part = i % PARTS;
        const bool product = part == MAPS || part >= GATE;
        TORCH_CHECK(weight.device() == x.device() && weight.is_contiguous() && (part == KERNEL || weight.scalar_type() == (product ? type : at::kFloat)), "slstm_stack: weight ", i, " is ", describe(weight));
        const int64_t wanted = part == MAPS ? heads * product_size(weight, 4 * units, units) : part == DOWN ? product_size(weight, width, inner) : part >= GATE ? product_size(weight, inner, width) : part == KERNEL ? (x.is_cuda() ? weight.numel() : heads * slstm_kernels(0).packed_size(units)) : part == BIAS ? 4 * width : width;
        TORCH_CHECK(weight.numel() == wanted, "slstm_stack: weight ", i, " is ", describe(weight), ", ", wanted, " numbers are wanted");
    }
#ifdef FT_CUDA_KERNELS
    TORCH_CHECK(x.device().is_cpu() ? type == at::kFloat : rows_cuda_has(width, heads) && (type == at::kFloat || type == at::kBFloat16), "slstm_stack: no kernels for ", describe(x), " with weights of ", type);
#else
    TORCH_CHECK(x.device().is_cpu() && type == at::kFloat, "slstm_stack: no kernels for ", describe(x), " with weights of ", type);
#endif
}

struct Results {
    at::Tensor input, output, states;                         // [B, T, width] twice and [blocks, 4, B, width]
};

struct Sizes {
    int64_t heads;
    double cap, eps, group_eps;
};

void on_processor(const Results& results, const Weights& weights, const at::Tensor& start, const Sizes& sizes) {
    const auto& kernels = slstm_kernels(0);
    SlstmBlocks work{};
    work.heads = sizes.heads;
    work.batch = results.input.size(0);
    work.steps = results.input.size(1);
    work.units = results.input.size(2) / sizes.heads;
    work.inner = inner_of(weights);
    work.blocks = static_cast<int64_t>(weights.size() / PARTS);
    work.threads = free_threads();
    work.cap = static_cast<float>(sizes.cap);
    work.eps = static_cast<float>(sizes.eps);
    work.group_eps = static_cast<float>(sizes.group_eps);
    std::vector<SlstmBlock> blocks;
    for (size_t at = 0; at < weights.size(); at += PARTS) {
        const float* own[PARTS];
        for (size_t part = 0; part < PARTS; part++) own[part] = weights[at + part].data_ptr<float>();
        blocks.push_back({own[NORM], own[MAPS], own[KERNEL], own[BIAS], own[SCALE], own[NORM_BEFORE_FFN], own[GATE], own[UP], own[DOWN]});
    }
    work.weights = blocks.data();
    if (start.defined()) {
        work.start = start.data_ptr<float>();
        work.start_block = start.stride(0);
        work.start_part = start.stride(1);
        work.start_batch = start.size(2) == 1 ? 0 : start.stride(2);
    }
    const auto rows = work.batch * work.steps;
    const auto hidden = at::empty_like(results.output), normed = at::empty_like(results.output), gates = at::empty({sizes.heads, rows, 4 * work.units}, hidden.options());
    const auto between = at::empty({std::min(rows, SlstmBlocks::rows_at_once), work.inner}, hidden.options());
    work.input = results.input.data_ptr<float>();
    work.output = results.output.data_ptr<float>();
    work.states = results.states.data_ptr<float>();
    work.hidden = hidden.data_ptr<float>();
    work.normed = normed.data_ptr<float>();
    work.gates = gates.data_ptr<float>();
    work.between = between.data_ptr<float>();
    slstm_blocks(kernels, work);
}

#ifdef FT_CUDA_KERNELS
struct Norm {
    const at::Tensor& weight;
    double eps;
};

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

void* stream_now() { return c10::cuda::getCurrentCUDAStream().stream(); }

// out = x + add, normed = norm(out); without `add` only the latter, without a weight only the former.
void add_norm(const at::Tensor& x, const at::Tensor& add, const Norm& norm, const at::Tensor& out, const at::Tensor& normed) {
    auto work = rows_of(x, norm, out, normed);
    work.add = add.defined() ? add.data_ptr() : nullptr;
    launched(rows_cuda_norm(work, stream_now()));
}

// out = x + norm per head of `hidden`, normed = norm(out).
void add_group_norm(const at::Tensor& x, const at::Tensor& hidden, int64_t heads, const Norm& group, const Norm& norm, const at::Tensor& out, const at::Tensor& normed) {
    auto work = rows_of(x, norm, out, normed);
    work.h = hidden.data_ptr<float>();
    work.heads = heads;
    work.scale = group.weight.data_ptr<float>();
    work.group_eps = static_cast<float>(group.eps);
    launched(rows_cuda_norm(work, stream_now()));
}

// a = silu(a) b
void gate(const at::Tensor& a, const at::Tensor& b) { launched(rows_cuda_gate(a.data_ptr(), b.data_ptr(), a.numel(), a.scalar_type() == at::kBFloat16, stream_now())); }

void on_cuda(const Results& results, const Weights& weights, const at::Tensor& start, const Sizes& sizes) {
    const auto heads = sizes.heads, blocks = static_cast<int64_t>(weights.size() / PARTS);
    const auto batch = results.input.size(0), steps = results.input.size(1), width = results.input.size(2), units = width / heads, rows = batch * steps, inner = inner_of(weights);
    const auto products = results.output.options().dtype(weights[MAPS].scalar_type());
    const auto input = results.input.view({rows, width}), stream = results.output.view({rows, width});
    const auto hidden = at::empty_like(results.output);
    auto normed = at::empty({rows, width}, products), gates = at::empty({heads, rows, 4 * units}, products);
    auto left = at::empty({rows, inner}, products), right = at::empty({rows, inner}, products), down = at::empty({rows, width}, products);
    const auto by_head = normed.view({rows, heads, units}).transpose(0, 1);
    const auto by_gate = gates.view({heads, batch, steps, 4, units}).permute({1, 2, 3, 0, 4});
    add_norm(input, {}, {weights[NORM], sizes.eps}, {}, normed);
    for (int64_t block = 0; block < blocks; block++) {
        const auto* own = weights.data() + block * PARTS;
        at::bmm_out(gates, by_head, own[MAPS]);
        slstm_run(by_gate, own[KERNEL], own[BIAS], start.defined() ? start.select(0, block) : at::Tensor(), sizes.cap, false, hidden, results.states.select(0, block));
        add_group_norm(block == 0 ? input : stream, hidden.view({rows, width}), heads, {own[SCALE], sizes.group_eps}, {own[NORM_BEFORE_FFN], sizes.eps}, stream, normed);
        at::mm_out(left, normed, own[GATE].t());
        at::mm_out(right, normed, own[UP].t());
        gate(left, right);
        at::mm_out(down, left, own[DOWN].t());
        const at::Tensor next = block + 1 < blocks ? own[PARTS + NORM] : at::Tensor();
        add_norm(stream, down, {next, sizes.eps}, stream, normed);
    }
}
#endif

// x [B, T, width]; weights: PARTS a block; states [blocks, 4, B or 1, width] to start from. Returns the last block's output and the
// states after the last step [blocks, 4, B, width]. No gradient.
std::tuple<at::Tensor, at::Tensor> slstm_stack(const at::Tensor& x, const std::vector<at::Tensor>& weights, const OptionalTensor& states, int64_t heads, double cap, double eps, double group_eps) {
    const at::NoGradGuard frozen;
    check(x, weights, heads);
    const c10::OptionalDeviceGuard guard(x.device());
    const auto blocks = static_cast<int64_t>(weights.size() / PARTS), batch = x.size(0), width = x.size(2);
    const bool carried = states.has_value() && states->defined();
    TORCH_CHECK(!carried || (states->dim() == 4 && states->size(0) == blocks && states->size(1) == 4 && (states->size(2) == batch || states->size(2) == 1) && states->size(3) == width && states->scalar_type() == at::kFloat),
                "slstm_stack: the states are not [", blocks, ", 4, ", batch, ", ", width, "]");
    const auto options = x.options().memory_format(at::MemoryFormat::Contiguous);
    const Results results{x.detach().contiguous(), at::empty(x.sizes(), options), at::empty({blocks, 4, batch, width}, options)};
    const auto start = !carried ? at::Tensor() : states->stride(3) == 1 ? states->detach() : states->detach().contiguous();
    const Sizes sizes{heads, cap, eps, group_eps};
    if (x.device().is_cpu()) on_processor(results, weights, start, sizes);
#ifdef FT_CUDA_KERNELS
    else on_cuda(results, weights, start, sizes);
#endif
    return {results.output, results.states};
}

}  // namespace
}  // namespace forecast

TORCH_LIBRARY_FRAGMENT(forecast, library) {
    library.def("slstm_panels(Tensor weight) -> Tensor", &forecast::slstm_panels);
    library.def("slstm_stack(Tensor x, Tensor[] weights, Tensor? states, int heads, float cap, float eps, float group_eps) -> (Tensor, Tensor)", &forecast::slstm_stack);
}
